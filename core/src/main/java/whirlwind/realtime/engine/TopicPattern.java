package whirlwind.realtime.engine;

import whirlwind.escape.Text;

/**
 * A topic's name, or a pattern for such names.
 *
 * <p>A name has 1 to {@value #MAX_LENGTH} characters of {@code A-Z a-z 0-9 . _ : - /}; dots divide
 * it into segments, none of which is empty. In a pattern the segment {@code *} stands for any one
 * segment, and {@code **}, only as the last one, for one or more.
 *
 * @param text as it was written
 */
public record TopicPattern(String text) {
    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 255;

    private static final String ONE = "*";
    private static final String REST = "**";

    /**
     * Checks the syntax.
     *
     * @throws IllegalArgumentException if it is neither a topic nor a pattern
     */
    public TopicPattern {
        int length = text.length();
        if (length == 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "topic: " + length + " characters (expected 1 to " + MAX_LENGTH + ")");
        }
        for (int from = 0; from <= length; ) {
            int end = endOfSegment(text, from);
            checkSegment(text, from, end);
            from = end + 1;
        }
    }

    /**
     * A topic's name.
     *
     * @throws IllegalArgumentException if it is none, or a pattern
     */
    public static TopicPattern topic(String name) {
        var topic = new TopicPattern(name);
        if (!topic.isTopic()) {
            throw new IllegalArgumentException(
                    "topic: " + Text.quoted(name) + " is a pattern (expected one topic)");
        }
        return topic;
    }

    private static void checkSegment(String text, int from, int end) {
        int length = end - from;
        if (length == 0) {
            throw malformed(text, "an empty segment");
        }
        if (text.charAt(from) == '*') {
            boolean one = length == 1;
            boolean rest = length == 2 && text.charAt(from + 1) == '*' && end == text.length();
            if (!one && !rest) {
                throw malformed(text, "* must be a whole segment, and ** the last one");
            }
            return;
        }
        for (int i = from; i < end; i++) {
            if (!isNameCharacter(text.charAt(i))) {
                throw malformed(text, "only A-Z a-z 0-9 . _ : - / are allowed");
            }
        }
    }

    private static IllegalArgumentException malformed(String text, String why) {
        return new IllegalArgumentException("topic: " + Text.quoted(text) + ": " + why);
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == ':'
                || c == '-'
                || c == '/';
    }

    /** Whether this names one topic. */
    public boolean isTopic() {
        return text.indexOf('*') < 0;
    }

    /** Whether this is the topic, or a pattern that it matches. */
    public boolean matches(String topic) {
        if (isTopic()) {
            return text.equals(topic);
        }
        int at = 0;
        for (int from = 0; from <= text.length(); ) {
            int end = endOfSegment(text, from);
            if (at > topic.length()) {
                return false; // the topic has fewer segments
            }
            if (text.regionMatches(from, REST, 0, end - from) && end - from == 2) {
                return true;
            }
            int segmentEnd = endOfSegment(topic, at);
            boolean any = end - from == 1 && text.startsWith(ONE, from);
            boolean same =
                    end - from == segmentEnd - at
                            && text.regionMatches(from, topic, at, end - from);
            if (!any && !same) {
                return false;
            }
            from = end + 1;
            at = segmentEnd + 1;
        }
        return at > topic.length();
    }

    private static int endOfSegment(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
