package whirlwind.demos.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;
import whirlwind.web.RequestHandler;

/**
 * Serves a file that is packed beside a class. It is read once; browsers ask each time whether it
 * has changed.
 */
public final class PageHandler extends RequestHandler {
    /**
     * Nothing but what this server serves: text that somebody typed can't become a script, whatever
     * a page does with it.
     */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES =
            Map.of(
                    "css", "text/css; charset=UTF-8",
                    "html", "text/html; charset=UTF-8",
                    "js", "text/javascript; charset=UTF-8",
                    "svg", "image/svg+xml");

    private final byte[] content;
    private final String type;

    private PageHandler(byte[] content, String type) {
        this.content = content;
        this.type = type;
    }

    /**
     * For a route: handlers that serve the file {@code name} of the folder that has {@code
     * neighbour}'s class file.
     */
    public static Supplier<PageHandler> of(Class<?> neighbour, String name) {
        var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException(name + ": no known type (" + TYPES.keySet() + ")");
        }
        var content = read(neighbour, name);
        return () -> new PageHandler(content, type);
    }

    /** For a route: the icon of the demos. */
    public static Supplier<PageHandler> icon() {
        return of(PageHandler.class, "icon.svg");
    }

    private static byte[] read(Class<?> neighbour, String name) {
        try (var in = neighbour.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no " + name + " beside " + neighbour.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void setDefaultHeaders() {
        setHeader("Content-Security-Policy", POLICY);
        setHeader("X-Content-Type-Options", "nosniff");
        setHeader("Referrer-Policy", "no-referrer");
        setHeader("Cache-Control", "no-cache");
    }

    @Override
    protected void get() {
        setHeader("Content-Type", type);
        write(content);
    }
}
