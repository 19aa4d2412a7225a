package whirlwind.web;

import java.util.List;
import whirlwind.escape.Html;

/**
 * How a page is given the scripts and style sheets of its modules. A handler that wants it
 * differently, such as with a {@code nonce}, returns another one from {@link
 * RequestHandler#pageMarkup}. Tornado: {@code render_linked_js} and its kin.
 */
public class PageMarkup {
    /** The usual markup. */
    public PageMarkup() {}

    /** Elements that load scripts. */
    protected String linkedJavascript(List<String> urls) {
        var html = new StringBuilder();
        for (var url : urls) {
            html.append("<script src=\"").append(Html.escape(url)).append("\"></script>");
        }
        return html.toString();
    }

    /** An element with scripts in it, which are separated by line ends. */
    protected String embeddedJavascript(String scripts) {
        return "<script>\n" + scripts + "\n</script>";
    }

    /** Elements that load style sheets. */
    protected String linkedCss(List<String> urls) {
        var html = new StringBuilder();
        for (var url : urls) {
            html.append("<link href=\"").append(Html.escape(url)).append("\" rel=\"stylesheet\">");
        }
        return html.toString();
    }

    /** An element with styles in it, which are separated by line ends. */
    protected String embeddedCss(String styles) {
        return "<style>\n" + styles + "\n</style>";
    }
}
