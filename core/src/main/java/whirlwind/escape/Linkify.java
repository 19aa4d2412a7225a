package whirlwind.escape;

import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Plain text as HTML in which addresses are links: {@code Linkify.DEFAULT.apply("see
 * www.example.com")}. What starts with a protocol ({@code http://...}) or with {@code www.} is an
 * address; it ends before white space, quotes, angle brackets, and punctuation that nothing
 * follows; round brackets belong to it in pairs. One pass over the text, however hostile. Tornado:
 * {@code linkify}.
 *
 * @param shorten whether long addresses are shown cut, with the whole one as title
 * @param extraParams attributes for a link, made of its address: {@code class="external"}
 * @param requireProtocol whether {@code www.} alone is left as text
 * @param permittedProtocols others are left as text; {@code javascript} is a bad idea
 */
public record Linkify(
        boolean shorten,
        UnaryOperator<String> extraParams,
        boolean requireProtocol,
        Set<String> permittedProtocols) {
    /** Links for http, https and {@code www.}, whole and without further attributes. */
    public static final Linkify DEFAULT =
            new Linkify(false, href -> "", false, Set.of("http", "https"));

    private static final int SHOWN_LENGTH = 30;
    private static final int SHOWN_PATH = 8;
    private static final String WWW = "www.";

    /** What an address doesn't end with. */
    private static final String PUNCTUATION = "!\"#$%&'()*+,.:;<=>?@[]^`{|}~";

    /** Copies the protocols. */
    public Linkify {
        permittedProtocols = Set.copyOf(permittedProtocols);
    }

    /** The same, showing long addresses cut. */
    public Linkify withShorten() {
        return new Linkify(true, extraParams, requireProtocol, permittedProtocols);
    }

    /** The same with these attributes on every link. */
    public Linkify withExtraParams(String attributes) {
        return withExtraParams(href -> attributes);
    }

    /** The same with attributes that depend on the address. */
    public Linkify withExtraParams(UnaryOperator<String> attributes) {
        return new Linkify(shorten, attributes, requireProtocol, permittedProtocols);
    }

    /** The same, leaving {@code www.} without a protocol as text. */
    public Linkify withRequireProtocol() {
        return new Linkify(shorten, extraParams, true, permittedProtocols);
    }

    /** The same for these protocols. */
    public Linkify withPermittedProtocols(Set<String> protocols) {
        return new Linkify(shorten, extraParams, requireProtocol, protocols);
    }

    /** The text as HTML. */
    public String apply(String text) {
        var html = new StringBuilder(text.length() + 64);
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            int start = startOfAddress(text, at, done);
            if (start < 0) {
                at++;
                continue;
            }
            int protocolEnd = text.charAt(at) == ':' ? at : -1;
            int body = protocolEnd < 0 ? at + WWW.length() : afterSlashes(text, at + 1);
            int end = endOfAddress(text, body);
            if (end == body) {
                at = body;
                continue;
            }
            html.append(Html.escape(text.substring(done, start)));
            append(html, text.substring(start, end), protocolEnd - start, body - start);
            done = end;
            at = end;
        }
        return html.append(Html.escape(text.substring(done))).toString();
    }

    /** Where the address starts whose colon or {@code www.} is here; negative if none is. */
    private static int startOfAddress(String text, int at, int from) {
        if (text.charAt(at) == ':' && text.startsWith("/", at + 1)) {
            int start = at;
            while (start > from && isOfProtocol(text.charAt(start - 1))) {
                start--;
            }
            while (start < at && text.charAt(start) == '-') {
                start++;
            }
            return start < at ? start : -1;
        }
        boolean isWww = text.startsWith(WWW, at) && (at == 0 || !isOfWord(text.charAt(at - 1)));
        return isWww ? at : -1;
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private static boolean isOfProtocol(char c) {
        return isOfWord(c) || c == '-';
    }

    private static int afterSlashes(String text, int at) {
        int end = at;
        while (end < text.length() && end - at < 3 && text.charAt(end) == '/') {
            end++;
        }
        return end;
    }

    /** Behind the last character of an address that goes on at {@code start}. */
    private static int endOfAddress(String text, int start) {
        int end = start;
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') {
                int close = closing(text, at + 1);
                if (close < 0) {
                    break;
                }
                at = close;
                end = close + 1;
            } else if (c == ')' || isNeverInside(c)) {
                break;
            } else if (PUNCTUATION.indexOf(c) < 0) {
                end = at + 1;
            }
        }
        return end;
    }

    /** The bracket that closes; none if another opens, or the address ends before. */
    private static int closing(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == ')') {
                return at;
            }
            if (c == '(' || isNeverInside(c)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isNeverInside(char c) {
        return c == '<' || c == '>' || c == '\'' || Character.isWhitespace(c);
    }

    /** With the lengths of protocol (negative for none), and of that and its slashes. */
    private void append(StringBuilder html, String url, int protocolLength, int prefixLength) {
        boolean isLink =
                protocolLength < 0
                        ? !requireProtocol
                        : permittedProtocols.contains(url.substring(0, protocolLength));
        if (!isLink) {
            html.append(Html.escape(url));
            return;
        }
        var href = Html.escape(protocolLength < 0 ? "http://" + url : url);
        var attributes = extraParams.apply(href).strip();
        var shown = shorten ? shortened(url, protocolLength < 0 ? 0 : prefixLength) : url;
        html.append("<a href=\"").append(href).append('"');
        if (!attributes.isEmpty()) {
            html.append(' ').append(attributes);
        }
        if (!shown.equals(url)) {
            html.append(" title=\"").append(href).append('"');
        }
        html.append('>').append(Html.escape(shown)).append("</a>");
    }

    /** Host and the start of the path; itself if that isn't really shorter. */
    private static String shortened(String url, int prefixLength) {
        if (url.length() <= SHOWN_LENGTH) {
            return url;
        }
        var shown = url;
        int slash = url.indexOf('/', prefixLength);
        if (slash >= 0) {
            int next = url.indexOf('/', slash + 1);
            var first = url.substring(slash + 1, next < 0 ? url.length() : next);
            first = first.substring(0, Math.min(SHOWN_PATH, first.length()));
            shown = url.substring(0, slash + 1) + before(before(first, '?'), '.');
        }
        if (shown.length() > SHOWN_LENGTH * 3 / 2) {
            shown = shown.substring(0, SHOWN_LENGTH);
        }
        return shown.length() + 3 < url.length() ? shown + "..." : url;
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }
}
