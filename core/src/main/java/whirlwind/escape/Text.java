package whirlwind.escape;

import org.jspecify.annotations.Nullable;

/** Small functions over text that belong to no particular syntax. */
public final class Text {
    /**
     * Longer texts are cut by {@link #quoted}: enough to recognise a value, too little to flood a
     * log.
     */
    private static final int QUOTED_LENGTH = 100;

    /** The same for {@link #oneLine}, whose own words come first. */
    private static final int LINE_LENGTH = 1000;

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
        var out = new StringBuilder(Math.min(value.length(), QUOTED_LENGTH) + 2).append('"');
        escape(value, QUOTED_LENGTH, "\"\\", out);
        return out.append('"').append(rest(value, QUOTED_LENGTH)).toString();
    }

    /**
     * A message as one line of a log: control characters escaped, for it may have a peer's words in
     * it, and cut after 1,000 characters with the full length said. One that is missing is {@code
     * null}, as in the log anyway.
     */
    public static String oneLine(@Nullable String given) {
        var message = String.valueOf(given);
        var out = new StringBuilder(Math.min(message.length(), LINE_LENGTH));
        escape(message, LINE_LENGTH, "", out);
        return out.append(rest(message, LINE_LENGTH)).toString();
    }

    private static void escape(String value, int limit, String alsoEscaped, StringBuilder out) {
        for (int i = 0; i < Math.min(value.length(), limit); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(alsoEscaped.indexOf(c) < 0 ? "" : "\\").append(c);
                    }
                }
            }
        }
    }

    private static String rest(String value, int limit) {
        return value.length() <= limit ? "" : "... (" + value.length() + " characters)";
    }
}
