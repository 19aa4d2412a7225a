package whirlwind.web.auth;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.LogFunction;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

/** A site whose users sign in at {@code /sign-in} and come back to {@code /signed-in}. */
final class Site implements AutoCloseable {
    private static final ApplicationSettings SETTINGS =
            ApplicationSettings.DEFAULTS
                    .withCookieSecret("only for tests")
                    .withServer(HttpServerOptions.DEFAULTS.withTrustedProxies("127.0.0.1"))
                    .withLogFunction(LogFunction.NONE);

    /** As {@link OAuth2#authorizeRedirect}. */
    interface Start {
        void send(RequestHandler handler, String redirectUri);
    }

    private final ServedApplication served;

    /** What went wrong. */
    final CopyOnWriteArrayList<AuthException> failures = new CopyOnWriteArrayList<>();

    private Site(IOLoop loop, Start start, Function<RequestHandler, Object> end) {
        served =
                ServedApplication.on(
                        loop,
                        new Application(SETTINGS)
                                .route("/sign-in", () -> new SignInHandler(start))
                                .route("/signed-in", () -> new SignedInHandler(end)));
    }

    static Site of(OAuth2 oauth) {
        return on(new IOLoop(), oauth);
    }

    static Site on(IOLoop loop, OAuth2 oauth) {
        return new Site(
                loop,
                oauth::authorizeRedirect,
                handler -> {
                    var login = oauth.authenticate(handler);
                    return Map.of("user", login.user(), "next", login.next());
                });
    }

    static Site of(Start start, Function<RequestHandler, Object> end) {
        return new Site(new IOLoop(), start, end);
    }

    URI uri(String path) {
        return served.uri(path);
    }

    ServedApplication served() {
        return served;
    }

    @Override
    public void close() throws Exception {
        served.close();
    }

    private static final class SignInHandler extends RequestHandler {
        private final Start start;

        SignInHandler(Start start) {
            this.start = start;
        }

        @Override
        protected void get() {
            start.send(this, "/signed-in");
        }
    }

    private final class SignedInHandler extends RequestHandler {
        private final Function<RequestHandler, Object> end;

        SignedInHandler(Function<RequestHandler, Object> end) {
            this.end = end;
        }

        @Override
        protected void get() {
            try {
                writeJson(end.apply(this));
            } catch (AuthException e) {
                failures.add(e);
                throw e;
            }
        }
    }
}
