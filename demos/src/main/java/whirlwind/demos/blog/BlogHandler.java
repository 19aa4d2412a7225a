package whirlwind.demos.blog;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;
import whirlwind.http.Cookie;
import whirlwind.http.Cookie.SameSite;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;
import whirlwind.web.locale.UserLocale;

/** What all pages of the blog have in common: who reads, in which language, and how errors look. */
abstract class BlogHandler extends RequestHandler {
    /** The cookie that says who has signed in: the author's id, signed. */
    private static final String AUTHOR = "author";

    private static final String LANGUAGE = "language";
    private static final Duration SIGNED_IN = Duration.ofDays(30);

    private final Blog blog;

    BlogHandler(Blog blog) {
        this.blog = blog;
    }

    final Authors authors() {
        return blog.authors();
    }

    final Posts posts() {
        return blog.posts();
    }

    /** Pages differ by who reads, and in which language: nobody in between may keep them. */
    @Override
    protected void setDefaultHeaders() {
        setHeader("Cache-Control", "private, no-cache");
        setHeader("Vary", "Accept-Language, Cookie");
    }

    /** As the server would answer GET; nothing of the body is sent. */
    @Override
    protected void head() throws Exception {
        get();
    }

    /** The post that the path names. */
    final Post requested() {
        return posts().find(getPathArgument("id", Long.class))
                .orElseThrow(() -> new HttpError(404));
    }

    /** The same, in a handler that is for its author alone. */
    final Post ownPost() {
        var post = requested();
        checkIsOf(post.author());
        return post;
    }

    // ---- who ----

    @Override
    protected @Nullable Author getCurrentUser() {
        var id = getSignedCookie(AUTHOR, SIGNED_IN, 2);
        return id == null ? null : authors().find(Long.parseLong(id)).orElse(null);
    }

    /** Whoever has signed in, in a handler that is for nobody else. */
    final Author author() {
        return Objects.requireNonNull(currentUser(Author.class), "this handler is @Authenticated");
    }

    /** Keeps others from what is an author's. */
    final void checkIsOf(Author owner) {
        if (!author().equals(owner)) {
            throw new HttpError(
                    403, "%s may not change what is %s's".formatted(author().name(), owner.name()));
        }
    }

    final void signIn(Author author) {
        setSignedCookie(ownCookie(AUTHOR).withMaxAge(SIGNED_IN), Long.toString(author.id()));
    }

    final void signOut() {
        clearCookie(ownCookie(AUTHOR));
    }

    /** Kept from scripts, from other sites' forms, and from wires that anybody can read. */
    private Cookie ownCookie(String name) {
        return Cookie.of(name, "")
                .withHttpOnly(true)
                .withSameSite(SameSite.LAX)
                .withSecure(request().protocol().equals("https"));
    }

    /** Where to go on: what {@code next} says if that is here, else the first page. */
    final String next() {
        var next = Objects.requireNonNullElse(getArgument("next", null), "/");
        return Url.isLocalPath(next) ? next : "/";
    }

    // ---- in which language ----

    /** What was chosen on a page; else null, for what the browser wants. */
    @Override
    protected @Nullable UserLocale getUserLocale() {
        var code = getCookie(LANGUAGE);
        var locales = settings().locales();
        return code != null && locales.supported().contains(code) ? locales.get(code) : null;
    }

    final void setLanguage(String code) {
        setCookie(ownCookie(LANGUAGE).withValue(code).withMaxAge(Duration.ofDays(365)));
    }

    // ---- what pages show ----

    @Override
    protected Map<String, ?> getTemplateNamespace() {
        var locales = settings().locales();
        return Map.of(
                "languages", locales.supported().stream().map(locales::get).toList(),
                "here", request().uri());
    }

    @Override
    protected void writeError(int status, @Nullable Throwable failure) {
        if (status >= 500) {
            setCurrentUser(null); // the database may be what has failed
        }
        render("error.html", Map.of("status", status, "reason", getReason()));
    }
}
