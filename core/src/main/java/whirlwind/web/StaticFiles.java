package whirlwind.web;

import java.util.List;
import java.util.function.Supplier;
import whirlwind.web.routing.Rule;

/**
 * The files of an application that don't change while it runs: how they are served, and what their
 * URLs are. {@code whirlwind.web.files.StaticSite} serves those of a folder. Given as {@link
 * ApplicationSettings#withStaticFiles}. Tornado: {@code static_path} and {@code
 * static_handler_class}.
 */
public interface StaticFiles {
    /** The routes of the files, which an application puts before its own. */
    List<Rule<Supplier<? extends RequestHandler>>> routes();

    /**
     * The path of a file's URL, with its version if it is to have one: {@code
     * /static/style.css?v=...}. Called in coroutines; may wait for the file to be read, once.
     */
    String url(String path, boolean versioned);

    /** Forgets what is known of the files' versions. */
    void reset();
}
