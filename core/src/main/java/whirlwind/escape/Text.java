package whirlwind.escape;

/** Small functions over text that belong to no particular syntax. */
public final class Text {
    /**
     * Longer texts are cut by {@link #quoted}: enough to recognise a value, too little to flood a
     * log.
     */
    private static final int QUOTED_LENGTH = 100;

    private Text() {}

    /**
     * Replaces every run of white space and control characters (U+0000 to U+0020) by one space, and
     * trims both ends. Tornado's {@code squeeze}.
     */
    public static String squeeze(String value) {
        var out = new StringBuilder(value.length());
        boolean gap = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ') {
                gap = true;
                continue;
            }
            if (gap && !out.isEmpty()) {
                out.append(' ');
            }
            gap = false;
            out.append(c);
        }
        return out.toString();
    }

    /**
     * The value as it may appear in a log line or an exception's message: in double quotes, control
     * characters escaped (so that a peer cannot forge log lines), cut after 100 characters with the
     * full length said.
     */
    public static String quoted(String value) {
        int end = Math.min(value.length(), QUOTED_LENGTH);
        var out = new StringBuilder(end + 2).append('"');
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
        return end == value.length()
                ? out.toString()
                : out + "... (" + value.length() + " characters)";
    }
}
