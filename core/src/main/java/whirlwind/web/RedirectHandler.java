package whirlwind.web;

/**
 * Sends whoever asks elsewhere, the query along with them. Tornado: {@code web.RedirectHandler}.
 */
public final class RedirectHandler extends RequestHandler {
    private final String url;
    private final boolean permanent;

    /** A permanent redirect (301). */
    public RedirectHandler(String url) {
        this(url, true);
    }

    /** A permanent redirect (301) or one for now (302). */
    public RedirectHandler(String url, boolean permanent) {
        this.url = url;
        this.permanent = permanent;
    }

    @Override
    protected void get() {
        var query = request().query();
        var separator = url.indexOf('?') < 0 ? "?" : "&";
        redirect(query.isEmpty() ? url : url + separator + query, permanent ? 301 : 302);
    }

    @Override
    protected void head() {
        get();
    }
}
