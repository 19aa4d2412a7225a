package whirlwind.web;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;
import whirlwind.web.locale.UserLocale;
import whirlwind.web.template.TemplateArguments;

/**
 * A piece of a page that comes with the CSS and JavaScript it needs, which the page gets once
 * however often the piece is in it. Templates have it as {@code {% module Entry(entry) %}}:
 *
 * {@snippet :
 * class Entry extends UIModule {
 *     @Override protected String render(TemplateArguments arguments) {
 *         return renderString("entry.html", Map.of("entry", arguments.get(0)));
 *     }
 *     @Override protected List<String> cssFiles() { return List.of("entry.css"); }
 * }
 * }
 *
 * <p>Registered by {@link ApplicationSettings#withUiModule}. Each page has one object of it, when
 * it is first used. Tornado: {@code web.UIModule}.
 */
public abstract class UIModule {
    private @Nullable RequestHandler handler;

    final UIModule attach(RequestHandler handler) {
        if (this.handler != null) {
            throw new IllegalStateException(
                    getClass().getName()
                            + " has been in a page before: make a new one for each, as Entry::new"
                            + " does");
        }
        this.handler = handler;
        return this;
    }

    /** The piece as HTML; written as it is. */
    protected abstract String render(TemplateArguments arguments) throws Exception;

    /** JavaScript for the end of the page's body. Default: none. */
    protected String embeddedJavascript() {
        return "";
    }

    /**
     * Scripts for the end of the page's body: paths of static files, or URLs that start with a
     * slash or a protocol. Default: none.
     */
    protected List<String> javascriptFiles() {
        return List.of();
    }

    /** CSS for the page's head. Default: none. */
    protected String embeddedCss() {
        return "";
    }

    /** Style sheets for the page's head, named as {@link #javascriptFiles}. Default: none. */
    protected List<String> cssFiles() {
        return List.of();
    }

    /** HTML for the end of the page's head. Default: none. */
    protected String htmlHead() {
        return "";
    }

    /** HTML for the end of the page's body. Default: none. */
    protected String htmlBody() {
        return "";
    }

    /** The handler whose page is rendered. */
    public final RequestHandler handler() {
        if (handler == null) {
            throw new IllegalStateException("this module belongs to no page yet");
        }
        return handler;
    }

    /** The request that is answered. */
    public final HttpServerRequest request() {
        return handler().request();
    }

    /** The reader's language. */
    public final UserLocale locale() {
        return handler().locale();
    }

    /** Who reads; see {@link RequestHandler#currentUser}. */
    public final @Nullable Object currentUser() {
        return handler().currentUser();
    }

    /** A template's text; see {@link RequestHandler#renderString}. */
    public final String renderString(String template, Map<String, ?> values) {
        return handler().renderString(template, values);
    }

    /** What the page needs for this module, in a list: {@link TemplateModule} has several. */
    List<PageResources> resources() {
        return List.of(
                new PageResources(
                        cssFiles(),
                        embeddedCss(),
                        htmlHead(),
                        javascriptFiles(),
                        embeddedJavascript(),
                        htmlBody()));
    }
}
