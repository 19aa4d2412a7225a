package whirlwind.http;

/** Comparing entity tags, RFC 9110 section 8.8.3: {@code "abc"}, or weak {@code W/"abc"}. */
public final class ETags {
    private ETags() {}

    /**
     * Whether the value of {@code If-None-Match} has the tag, weak or not. {@code *} has every tag;
     * what is no tag is skipped.
     *
     * @param list tags between commas, or {@code *}
     * @param etag with its quotes, perhaps weak
     */
    public static boolean weakMatch(String list, String etag) {
        return isAny(list) || has(list, etag.startsWith("W/") ? etag.substring(2) : etag, true);
    }

    /**
     * Whether the value of {@code If-Match} or {@code If-Range} has the tag, neither of them weak:
     * they stand for the same bytes. {@code *} has every tag.
     */
    public static boolean strongMatch(String list, String etag) {
        return isAny(list) || (!etag.startsWith("W/") && has(list, etag, false));
    }

    private static boolean isAny(String list) {
        return Grammar.trim(list).equals("*");
    }

    /** Goes from quote to quote, for a tag may have commas in it. */
    private static boolean has(String list, String tag, boolean weakToo) {
        int open = list.indexOf('"');
        while (open >= 0) {
            int close = list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            boolean counts = weakToo || !list.startsWith("W/", open - 2);
            if (counts && close + 1 - open == tag.length() && list.startsWith(tag, open)) {
                return true;
            }
            open = list.indexOf('"', close + 1);
        }
        return false;
    }
}
