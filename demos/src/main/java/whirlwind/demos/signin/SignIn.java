package whirlwind.demos.signin;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.demos.page.PageHandler;
import whirlwind.escape.Json;
import whirlwind.http.Cookie;
import whirlwind.http.Cookie.SameSite;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.Authenticated;
import whirlwind.web.RequestHandler;
import whirlwind.web.SecurityHeaders;
import whirlwind.web.auth.AuthException;
import whirlwind.web.auth.OAuth2;
import whirlwind.web.auth.OAuth2Provider;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateSource;

/** A site with a page for everybody, and one for users whom somebody else knows. */
public final class SignIn {
    private static final Duration SIGNED_IN = Duration.ofDays(7);
    private static final int SECRET_BYTES = 32;

    private SignIn() {}

    /** The application on no port yet, and on one of its own a provider that believes everybody. */
    public static Application application() {
        return application(
                PracticeProvider.client(PracticeProvider.listen()), "the practice provider");
    }

    /**
     * The application, whose users Google knows.
     *
     * @param key that of an OAuth client of the type "web application", which may redirect to
     *     {@code http://localhost:8888/signed-in}
     */
    public static Application application(String key, String secret) {
        return application(new OAuth2(OAuth2Provider.GOOGLE, key, secret), "Google");
    }

    private static Application application(OAuth2 client, String providerName) {
        var oauth = client.withScopes("openid", "email", "profile");
        return new Application(settings())
                .filter(SecurityHeaders.DEFAULTS)
                .route("/", () -> new HomeHandler(providerName))
                .route("/account", AccountHandler::new)
                .route("/sign-in", () -> new SignInHandler(oauth))
                .route("/signed-in", () -> new SignedInHandler(oauth), "signed-in")
                .route("/sign-out", SignOutHandler::new)
                .route("/icon.svg", PageHandler.icon())
                .route("/signin.css", PageHandler.of(SignIn.class, "signin.css"));
    }

    private static ApplicationSettings settings() {
        var secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret); // users are forgotten when the program ends
        return templates()
                .withCookieSecret(Base64.getEncoder().encodeToString(secret))
                .withXsrfCookies(true)
                .withLoginUrl("/sign-in");
    }

    static ApplicationSettings templates() {
        return ApplicationSettings.DEFAULTS.withTemplates(
                new PebbleTemplateLoader(TemplateSource.classPath(SignIn.class, "templates")));
    }

    /**
     * Who has signed in, as a signed cookie keeps it.
     *
     * @param id what the provider calls him, and nobody else ever
     */
    public record User(String id, String name, String email) {}

    private abstract static class SiteHandler extends RequestHandler {
        @Override
        protected void setDefaultHeaders() {
            setHeader("Cache-Control", "private, no-cache");
        }

        @Override
        protected @Nullable User getCurrentUser() {
            var kept = getSignedCookie(userCookie().name(), SIGNED_IN, 2);
            return kept == null ? null : Json.decode(kept, User.class);
        }

        /** Kept from scripts and other sites' forms, and over TLS from the hosts beside this. */
        final Cookie userCookie() {
            boolean secure = request().protocol().equals("https");
            return Cookie.of(secure ? "__Host-user" : "user", "")
                    .withMaxAge(SIGNED_IN)
                    .withHttpOnly(true)
                    .withSameSite(SameSite.LAX);
        }
    }

    private static final class HomeHandler extends SiteHandler {
        private final String providerName;

        HomeHandler(String providerName) {
            this.providerName = providerName;
        }

        @Override
        protected void get() {
            render(
                    "home.html",
                    Map.of(
                            "provider",
                            providerName,
                            "declined",
                            getQueryArgument("declined", null) != null));
        }
    }

    @Authenticated
    private static final class AccountHandler extends SiteHandler {
        @Override
        protected void get() {
            render("account.html", Map.of());
        }
    }

    private static final class SignInHandler extends SiteHandler {
        private final OAuth2 oauth;

        SignInHandler(OAuth2 oauth) {
            this.oauth = oauth;
        }

        @Override
        protected void get() {
            oauth.authorizeRedirect(this, reverseUrl("signed-in"));
        }
    }

    private static final class SignedInHandler extends SiteHandler {
        private final OAuth2 oauth;

        SignedInHandler(OAuth2 oauth) {
            this.oauth = oauth;
        }

        @Override
        protected void get() {
            try {
                var login = oauth.authenticate(this);
                var claims = login.user();
                var user =
                        new User(
                                claims.get("sub").stringValue(),
                                claims.path("name").asString("Somebody"),
                                claims.path("email").asString("unknown"));
                setSignedCookie(userCookie(), Json.encode(user));
                redirect(login.next());
            } catch (AuthException e) {
                if (e.kind() != AuthException.Kind.DENIED) {
                    throw e; // answers by itself
                }
                redirect("/?declined=1");
            }
        }
    }

    private static final class SignOutHandler extends SiteHandler {
        @Override
        protected void post() {
            clearCookie(userCookie());
            redirect("/", 303);
        }
    }
}
