package whirlwind.escape;

import org.jspecify.annotations.Nullable;
import org.unbescape.html.HtmlEscape;

/** Text inside HTML and XML, and back. */
public final class Html {
    private Html() {}

    /**
     * The text as it may stand between tags and in quoted attributes: {@code & < > " '} become
     * {@code &amp; &lt; &gt; &quot; &#x27;}. What is escaped already is escaped again. Tornado's
     * {@code xhtml_escape}.
     */
    public static String escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (entity(text.charAt(i)) != null) {
                return escape(text, i);
            }
        }
        return text; // most texts have nothing to escape
    }

    private static String escape(String text, int from) {
        var out = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            var entity = entity(c);
            if (entity == null) {
                out.append(c);
            } else {
                out.append(entity);
            }
        }
        return out.toString();
    }

    private static @Nullable String entity(char c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#x27;";
            default -> null;
        };
    }

    /**
     * The text with its character references read, named ones (all of HTML 5) and numbers; what is
     * none, such as {@code &#xyz;}, stays. Tornado's {@code xhtml_unescape}.
     */
    public static String unescape(String text) {
        return HtmlEscape.unescapeHtml(text);
    }
}
