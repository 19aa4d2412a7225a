package whirlwind.http;

/**
 * The few rules of RFC 9110 and RFC 9112 that decide which characters may stand where. Text here is
 * bytes read as Latin-1.
 */
final class Grammar {
    /** Indexed by character: may it stand in a token? RFC 9110 section 5.6.2. */
    private static final boolean[] TCHAR = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            TCHAR[c] = (c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a');
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TCHAR[c] = true;
        }
    }

    private Grammar() {}

    /** One {@code tchar} or more. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || !TCHAR[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * {@code VCHAR} or {@code obs-text}, RFC 9110 section 5.5: what a field value may start and end
     * with.
     */
    static boolean isFieldVchar(char c) {
        return c > ' ' && c != 0x7F && c <= 0xFF;
    }

    /** Only space and tab are white space in HTTP: not NEL, not NBSP, not form feed. */
    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** A field value without white space at its ends, possibly empty. */
    static boolean isFieldValue(String text) {
        int length = text.length();
        return length == 0
                || (isFieldVchar(text.charAt(0))
                        && isFieldVchar(text.charAt(length - 1))
                        && isFieldContent(text));
    }

    /** Where a text that is no field value stops being one. */
    static int firstForbidden(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean atEnd = i == 0 || i == text.length() - 1;
            if (!isFieldVchar(c) && (atEnd || !isBlank(c))) {
                return i;
            }
        }
        throw new IllegalArgumentException("all of it is allowed");
    }

    /**
     * Visible characters, {@code obs-text}, spaces and tabs in any order: a field value's inside, a
     * reason phrase.
     */
    static boolean isFieldContent(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isFieldVchar(c) && !isBlank(c)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A request target: anything but control characters and white space. RFC 3986 is narrower, but
     * browsers follow the WHATWG URL standard and send more; what stands in the target is matched
     * and decoded later, so nothing rests on it here.
     */
    static boolean isTarget(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isFieldVchar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The text without spaces and tabs at its ends. */
    static String trim(String text) {
        return trim(text, 0, text.length());
    }

    /**
     * The part from {@code start} to {@code end} (exclusive) without spaces and tabs at its ends.
     */
    static String trim(String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }
}
