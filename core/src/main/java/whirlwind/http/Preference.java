package whirlwind.http;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the things that a client would take, and how gladly: an element of {@code Accept}, {@code
 * Accept-Encoding} or {@code Accept-Language}, RFC 9110 section 12.4.2.
 *
 * @param value what stands before the weight, without parameters
 * @param weight from 0 (not at all) to 1000 (most gladly), the thousandfold of {@code q}
 */
public record Preference(String value, int weight) {
    /** The weight of what has none given. */
    public static final int FULL = 1000;

    /**
     * The elements of a header in their order. One whose weight is malformed counts as not wanted,
     * for nobody can say how gladly it would be taken.
     */
    public static List<Preference> parseList(String header) {
        var all = new ArrayList<Preference>(4);
        int start = 0;
        while (start <= header.length()) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            int semicolon = header.indexOf(';', start, end);
            int valueEnd = semicolon < 0 ? end : semicolon;
            var value = Grammar.trim(header, start, valueEnd);
            if (!value.isEmpty()) {
                all.add(new Preference(value, weight(header, valueEnd, end)));
            }
            start = end + 1;
        }
        return all;
    }

    /**
     * How gladly something is taken: the weight of the element that names it, without regard to
     * case, else that of {@code *}; 0 if there is neither.
     */
    public static int weightOf(String value, List<Preference> preferences) {
        int others = 0;
        for (var preference : preferences) {
            if (preference.value().equalsIgnoreCase(value)) {
                return preference.weight();
            }
            if (preference.value().equals("*")) {
                others = preference.weight();
            }
        }
        return others;
    }

    /** The weight among the parameters, each of which starts with a semicolon. */
    private static int weight(String header, int start, int end) {
        int at = start;
        while (at < end) {
            int semicolon = header.indexOf(';', at + 1, end);
            int stop = semicolon < 0 ? end : semicolon;
            var parameter = Grammar.trim(header, at + 1, stop);
            if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
                return thousandfold(parameter.substring(2));
            }
            at = stop;
        }
        return FULL;
    }

    /** {@code 0.xyz} or {@code 1.000}, with up to three digits; 0 for anything else. */
    private static int thousandfold(String q) {
        if (q.isEmpty() || q.length() > 5 || (q.length() > 1 && q.charAt(1) != '.')) {
            return 0;
        }
        int value = 0;
        for (int i = 0; i < 5; i++) {
            int digit = i == 1 || i >= q.length() ? 0 : Character.digit(q.charAt(i), 10);
            if (digit < 0) {
                return 0;
            }
            value = i == 1 ? value : 10 * value + digit;
        }
        return value > FULL ? 0 : value;
    }
}
