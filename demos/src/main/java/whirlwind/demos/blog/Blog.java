package whirlwind.demos.blog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import whirlwind.http.Cookie;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.RateLimit;
import whirlwind.web.SecurityHeaders;
import whirlwind.web.files.StaticSite;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.Locales;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateSource;

/** The application: its routes, its settings, and what its handlers share. */
public final class Blog {
    /** More than the longest post with every character escaped; nobody needs to send more. */
    private static final int MAX_REQUEST_BYTES = 1 << 20;

    /** A database that doesn't answer is no reason to wait for ever. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** So many may be tried at once; one more every half a minute. */
    private static final int PASSWORDS = 20;

    /** The same for posts and comments, and their changes; one more every six seconds. */
    private static final int WRITINGS = 100;

    private static final Duration WITHIN = Duration.ofMinutes(10);

    /**
     * Nothing but what this server serves, and no scripts at all: what somebody has typed can't
     * become one, whatever a page does with it. Pictures in posts may come from elsewhere.
     */
    private static final SecurityHeaders HEADERS =
            SecurityHeaders.DEFAULTS.with(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; img-src 'self' https:;"
                            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'");

    private final Authors authors;
    private final Posts posts;

    private Blog(Database database) {
        this.authors = new Authors(database);
        this.posts = new Posts(database);
    }

    /**
     * The application on the current loop, on no port yet. Opens the database, and makes the tables
     * that it doesn't have. The database is closed with the loop.
     *
     * @param jdbcUrl see {@link Database#Database}
     * @throws IllegalArgumentException if there is no driver for the URL
     * @throws DatabaseException if it can't be opened
     */
    public static Application application(String jdbcUrl) {
        var loop = IOLoop.current();
        var database = loop.shared(Database.class, () -> new Database(jdbcUrl));
        var secret = loop.runSync(() -> new Schema(database).prepare());
        return new Blog(database).routes(new Application(settings(secret)));
    }

    /** Those who have signed up. */
    Authors authors() {
        return authors;
    }

    /** What they wrote. */
    Posts posts() {
        return posts;
    }

    private static ApplicationSettings settings(String secret) {
        return ApplicationSettings.DEFAULTS
                .withServer(HttpServerOptions.DEFAULTS.withMaxBodySize(MAX_REQUEST_BYTES))
                .withTimeLimit(TIME_LIMIT)
                .withCompressResponse(true)
                .withCookieSecret(secret)
                .withXsrfCookies(true)
                .withXsrfCookie(
                        Cookie.of("_xsrf", "").withHttpOnly(true).withSameSite(Cookie.SameSite.LAX))
                .withLoginUrl("/sign-in")
                .withLocales(locales())
                .withTemplates(
                        new PebbleTemplateLoader(TemplateSource.classPath(Blog.class, "templates")))
                .withStaticFiles(StaticSite.classPath(Blog.class, "static"))
                .withUiModule("PostList", PostList::new)
                .withUiModule("Comments", Comments::new)
                .withUiMethod("say", Phrases::say)
                .withUiMethod("count", Phrases::count)
                .withUiMethod("when", Phrases::when);
    }

    private Application routes(Application application) {
        return application
                .filter(HEADERS)
                .filter(forms(PASSWORDS).under("/sign-in"))
                .filter(forms(PASSWORDS).under("/sign-up"))
                .filter(forms(WRITINGS).under("/posts"))
                .route("/", () -> new HomeHandler(this), "home")
                .route("/authors/{name}", () -> new AuthorHandler(this), "author")
                .route("/feed.atom", () -> new FeedHandler(this), "feed")
                .route("/posts/new", () -> new ComposeHandler(this), "compose")
                .route("/posts/{id:int}", () -> new PostHandler(this), "short")
                .route("/posts/{id:int}/{slug}", () -> new PostHandler(this), "post")
                .route("/posts/{id:int}/{slug}/edit", () -> new EditHandler(this), "edit")
                .route("/posts/{id:int}/{slug}/delete", () -> new DeleteHandler(this), "delete")
                .route("/comments/{id:int}/delete", () -> new UncommentHandler(this), "uncomment")
                .route("/sign-up", () -> new SignUpHandler(this), "sign-up")
                .route("/sign-in", () -> new SignInHandler(this), "sign-in")
                .route("/sign-out", () -> new SignOutHandler(this), "sign-out")
                .route("/language/{code}", () -> new LanguageHandler(this), "language")
                .otherwise(() -> new NotFoundHandler(this));
    }

    /**
     * Passwords cost time to check on purpose, and are not to be guessed; and nobody writes a
     * hundred posts at once.
     */
    private static RateLimit forms(int most) {
        return RateLimit.perClient(most, WITHIN)
                .withKey(request -> request.method().equals("POST") ? request.remoteIp() : null);
    }

    /** English, which the program is written in, and German. */
    private static Locales locales() {
        return Locales.of(
                        Map.of(
                                "en",
                                Catalogue.EMPTY,
                                "de",
                                Catalogue.csv(resource("locale/de.csv"))))
                .withDefault("en");
    }

    /** A text beside this class. */
    static String resource(String name) {
        try (var in = Objects.requireNonNull(Blog.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
