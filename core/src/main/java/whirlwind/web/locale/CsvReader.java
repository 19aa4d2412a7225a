package whirlwind.web.locale;

import java.util.ArrayList;
import java.util.List;

/** Rows of a CSV text, RFC 4180: commas between fields, quotes around those that have any. */
final class CsvReader {
    private final String text;
    private final List<List<String>> rows = new ArrayList<>();
    private List<String> row = new ArrayList<>();
    private int at;

    private CsvReader(String text) {
        this.text = text;
    }

    /** Lenient: a quote without its end runs to the end of the text, blank lines are no rows. */
    static List<List<String>> rows(String text) {
        var reader = new CsvReader(text);
        while (reader.at < text.length()) {
            reader.field();
        }
        reader.endRow();
        return reader.rows;
    }

    private void field() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        row.add(at < text.length() && text.charAt(at) == '"' ? quoted() : upToDelimiter());
        if (at == text.length()) {
            return;
        }
        char delimiter = text.charAt(at++);
        if (delimiter == ',') {
            if (at == text.length()) {
                row.add("");
            }
            return;
        }
        if (delimiter == '\r' && at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        endRow();
    }

    private void endRow() {
        if (row.size() > 1 || (row.size() == 1 && !row.getFirst().isBlank())) {
            rows.add(row);
        }
        row = new ArrayList<>();
    }

    private String quoted() {
        var field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != '"') {
                field.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                field.append('"');
                at++;
            } else {
                at++;
                return field.append(upToDelimiter()).toString();
            }
        }
        return field.toString();
    }

    private String upToDelimiter() {
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }
}
