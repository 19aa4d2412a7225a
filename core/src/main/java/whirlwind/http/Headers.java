package whirlwind.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;

/**
 * The header fields of a message: names without regard to case, values in the order they were
 * added, several values to a name kept apart. Tornado's {@code HTTPHeaders}. Values are text read
 * as Latin-1 from the wire, RFC 9110 section 5.
 *
 * <p>Mutable and confined to whoever owns the message; {@link #copy} to hand it on.
 */
public final class Headers {
    /*
     * One flat array, name and value in turn, searched from the front. A message has five to twenty fields, whose names differ in
     * their lengths more often than not, so that a scan beats hashing (no lower-cased key is made, no node is allocated). Lookups
     * are O(n); the header size limit of the connection bounds n. Adding is O(1) however many values a name has.
     */
    private static final int INITIAL_FIELDS = 8;
    private static final @Nullable String[] NONE = new String[0];

    /** What decides about framing, routes, access or meaning may not come late. */
    private static final Set<String> NOT_IN_TRAILERS =
            Set.of(
                    "authorization",
                    "cache-control",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-range",
                    "content-type",
                    "cookie",
                    "expect",
                    "host",
                    "proxy-authorization",
                    "range",
                    "set-cookie",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private @Nullable String[] fields = NONE;
    private int length; // of the used part of `fields`: two per field

    /** No fields. Allocates nothing more until the first is added. */
    public Headers() {}

    /**
     * The given fields in turn: {@code Headers.of("Host", "example.com", "Accept", "*}{@code /*")}.
     *
     * @throws HeaderSyntaxException if a name or value is refused, see {@link #add}
     * @throws IllegalArgumentException if a name has no value
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "names and values: "
                            + namesAndValues.length
                            + " texts (expected an even number)");
        }
        var headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /**
     * Reads a header block: lines ended by LF or CRLF, each {@code name: value}; an empty line is
     * skipped, so that the block's end may be included. Nothing but LF ends a line, and a CR
     * anywhere else is refused.
     *
     * @throws HttpInputException (400) if a line is malformed
     */
    public static Headers parse(String block) {
        var headers = new Headers();
        int start = 0;
        for (int lf = block.indexOf('\n'); lf >= 0; lf = block.indexOf('\n', start)) {
            headers.addLine(block.substring(start, lf));
            start = lf + 1;
        }
        headers.addLine(block.substring(start));
        return headers;
    }

    /**
     * Adds one line of a header block, with or without its line end. A line that starts with a
     * space or tab continues the last value, joined to it by one space (obs-fold, RFC 9112 section
     * 5.2: obsolete, but a server may still send it); an empty line adds nothing. Tornado's {@code
     * parse_line}.
     *
     * @throws HttpInputException (400) if the line is malformed
     */
    public void addLine(String line) {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\n') {
            end--;
        }
        if (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        if (end == 0) {
            return;
        }
        if (Grammar.isBlank(line.charAt(0))) {
            continueLastValue(Grammar.trim(line, 0, end));
            return;
        }
        int colon = line.indexOf(':');
        if (colon < 0 || colon >= end) {
            throw new HttpInputException("no colon in header line " + Text.quoted(line));
        }
        try {
            add(line.substring(0, colon), Grammar.trim(line, colon + 1, end));
        } catch (HeaderSyntaxException refused) {
            throw new HttpInputException(400, String.valueOf(refused.getMessage()), refused);
        }
    }

    private void continueLastValue(String part) {
        if (length == 0) {
            throw new HttpInputException("first header line starts with white space");
        }
        if (!Grammar.isFieldValue(part)) {
            throw new HttpInputException(
                    "header continuation has forbidden characters: " + Text.quoted(part));
        }
        var last = text(length - 1);
        if (last.isEmpty() || part.isEmpty()) {
            fields[length - 1] = last + part; // no space at either end of a value
        } else {
            fields[length - 1] = last + " " + part;
        }
    }

    /**
     * The value of {@code name}: the only one as it was added, several joined by a comma (not meant
     * for {@code Set-Cookie}, see {@link #getList}), null if there is none.
     */
    public @Nullable String get(String name) {
        int first = indexOf(name, 0);
        if (first < 0) {
            return null;
        }
        int next = indexOf(name, first + 2);
        if (next < 0) {
            return fields[first + 1];
        }
        var joined = new StringBuilder().append(fields[first + 1]);
        for (int i = next; i >= 0; i = indexOf(name, i + 2)) {
            joined.append(',').append(fields[i + 1]);
        }
        return joined.toString();
    }

    /** As {@link #get(String)}, with {@code fallback} in place of null. */
    public String get(String name, String fallback) {
        var value = get(name);
        return value == null ? fallback : value;
    }

    /**
     * Every value of {@code name} in the order they were added; a list of the caller's own, empty
     * if there is none.
     */
    public List<String> getList(String name) {
        var values = new ArrayList<String>();
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 2)) {
            values.add(text(i + 1));
        }
        return values;
    }

    /** Whether {@code name} has a value, be it an empty one. */
    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /**
     * Whether the comma-separated lists that are the values of {@code name} have {@code token}
     * among them, without regard to case: {@code containsToken("Connection", "upgrade")}. Allocates
     * nothing.
     */
    public boolean containsToken(String name, String token) {
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 2)) {
            if (listHas(text(i + 1), token)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a field may come behind a body, RFC 9110 section 6.5.1: not what has to be known
     * before the body is read, such as {@code Content-Type}.
     */
    public static boolean mayTrail(String name) {
        return !NOT_IN_TRAILERS.contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean listHas(String list, String token) {
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            int from = start;
            start = end + 1;
            while (from < end && Grammar.isBlank(list.charAt(from))) {
                from++;
            }
            while (from < end && Grammar.isBlank(list.charAt(end - 1))) {
                end--;
            }
            if (end - from == token.length()
                    && list.regionMatches(true, from, token, 0, token.length())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives {@code name} this one value in place of all it had. It keeps the place of the first of
     * them, and the name is spelt as given now.
     *
     * @throws HeaderSyntaxException if the name or value is refused, see {@link #add}
     */
    public void set(String name, String value) {
        requireValid(name, value);
        int first = indexOf(name, 0);
        if (first < 0) {
            append(name, value);
            return;
        }
        fields[first] = name;
        fields[first + 1] = value;
        removeFrom(name, first + 2);
    }

    /**
     * Adds a value to those that {@code name} has.
     *
     * @throws HeaderSyntaxException if the name is no token (RFC 9110 section 5.1), or the value
     *     has control characters other than tab, characters beyond U+00FF, or white space at its
     *     ends (section 5.5)
     */
    public void add(String name, String value) {
        requireValid(name, value);
        append(name, value);
    }

    /**
     * As {@link #add} without looking at name and value: for a codec whose parser has validated
     * them. A line break that comes in here goes out on the wire; whoever has text from elsewhere
     * uses {@link #add}.
     */
    public void addTrusted(String name, String value) {
        append(name, value);
    }

    /** Adds every field of {@code other} to these. */
    public void addAll(Headers other) {
        for (int i = 0; i < other.length; i += 2) {
            append(other.text(i), other.text(i + 1));
        }
    }

    /** Removes every value of {@code name}; says whether there was one. */
    public boolean remove(String name) {
        return removeFrom(name, 0);
    }

    /** The number of fields; a name with two values counts twice. */
    public int size() {
        return length / 2;
    }

    /** Whether there is no field. */
    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * The name of the field at {@code index}, 0 to {@link #size} - 1, as it was spelt; for loops
     * that must not allocate.
     */
    public String nameAt(int index) {
        return text(2 * checked(index));
    }

    /**
     * The value of the field at {@code index}, 0 to {@link #size} - 1; for loops that must not
     * allocate.
     */
    public String valueAt(int index) {
        return text(2 * checked(index) + 1);
    }

    /**
     * Every field in order, a name with two values twice. Tornado's {@code get_all}. Do not change
     * the fields meanwhile.
     */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < length; i += 2) {
            action.accept(text(i), text(i + 1));
        }
    }

    /** The names in order, each once, as first spelt. */
    public List<String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < length; i += 2) {
            names.putIfAbsent(text(i).toLowerCase(java.util.Locale.ROOT), text(i));
        }
        return List.copyOf(names.values());
    }

    /** The same fields, independent of these. */
    public Headers copy() {
        var copy = new Headers();
        copy.fields = Arrays.copyOf(fields, length);
        copy.length = length;
        return copy;
    }

    /**
     * One line per field, {@code name: value} and CRLF, as on the wire; {@link #parse} reads it
     * back.
     */
    @Override
    public String toString() {
        var out = new StringBuilder();
        forEach((name, value) -> out.append(name).append(": ").append(value).append("\r\n"));
        return out.toString();
    }

    /** Index in {@code fields} of the next field called {@code name}, or -1. */
    private int indexOf(String name, int from) {
        for (int i = from; i < length; i += 2) {
            // Compares identities, then lengths, then characters without regard to case; the names
            // are ASCII.
            if (name.equalsIgnoreCase(fields[i])) {
                return i;
            }
        }
        return -1;
    }

    private void append(String name, String value) {
        if (length == fields.length) {
            fields = Arrays.copyOf(fields, Math.max(2 * INITIAL_FIELDS, 2 * length));
        }
        fields[length++] = name;
        fields[length++] = value;
    }

    /** Removes the fields called {@code name} from an index on, in one pass. */
    private boolean removeFrom(String name, int from) {
        int kept = from;
        for (int i = from; i < length; i += 2) {
            if (!name.equalsIgnoreCase(fields[i])) {
                fields[kept] = fields[i];
                fields[kept + 1] = fields[i + 1];
                kept += 2;
            }
        }
        boolean removed = kept < length;
        Arrays.fill(fields, kept, length, null);
        length = kept;
        return removed;
    }

    private int checked(int index) {
        return java.util.Objects.checkIndex(index, size());
    }

    /** A used place of {@code fields}, which is never null. */
    private String text(int index) {
        return java.util.Objects.requireNonNull(fields[index]);
    }

    private static void requireValid(String name, String value) {
        if (!Grammar.isToken(name)) {
            throw new HeaderSyntaxException("header name is not a token: " + Text.quoted(name));
        }
        if (!Grammar.isFieldValue(value)) {
            // The value may be a secret, so the message says no more of it than what is wrong.
            int at = Grammar.firstForbidden(value);
            throw new HeaderSyntaxException(
                    "value of header %s has forbidden characters: U+%04X at %d (Latin-1 without controls, blanks inside only)"
                            .formatted(name, value.codePointAt(at), at));
        }
    }
}
