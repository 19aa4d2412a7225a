package whirlwind.web;

import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import whirlwind.http.FormLimits;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.RequestStartLine;
import whirlwind.http.server.WebSocketUpgrade;

/** Pages behind filters. */
final class FilteredPages {
    static class Page extends RequestHandler {
        @Override
        protected void get() {
            write("page");
        }

        @Override
        protected void put() {
            write("put");
        }
    }

    static class OwnHeaders extends RequestHandler {
        @Override
        protected void get() {
            setHeader("Content-Security-Policy", "default-src *");
            setHeader("Access-Control-Allow-Origin", "https://own.example");
            setHeader("Vary", "Accept");
            write("own");
        }
    }

    static class Varying extends RequestHandler {
        @Override
        protected void get() {
            addHeader("Vary", "Accept");
            addHeader("Vary", "Accept-Language");
            if (getArgument("origin", null) != null) {
                addHeader("Vary", "origin");
            }
        }
    }

    static class Failing extends RequestHandler {
        @Override
        protected void get() {
            setHeader("X-Gone", "with the error page");
            throw new HttpError(418);
        }
    }

    static class Socket extends RequestHandler {
        @Override
        protected void get() {
            upgrade(WebSocketUpgrade.DEFAULTS);
        }
    }

    private FilteredPages() {}

    static Application application(ApplicationSettings settings) {
        return new Application(settings)
                .route("/", Page::new)
                .route("/api/page", Page::new)
                .route("/apiary", Page::new)
                .route("/own", OwnHeaders::new)
                .route("/varying", Varying::new)
                .route("/failing", Failing::new)
                .route("/socket", Socket::new);
    }

    static ServedApplication serve(Filter... filters) {
        var application = application(ApplicationSettings.DEFAULTS);
        for (var filter : filters) {
            application.filter(filter);
        }
        return ServedApplication.of(application);
    }

    static @Nullable String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    static HttpServerRequest request(String remoteIp, String protocol) {
        return new HttpServerRequest(
                RequestStartLine.parse("GET / HTTP/1.1"),
                Headers.of("Host", "test"),
                new byte[0],
                remoteIp,
                protocol,
                FormLimits.DEFAULTS);
    }
}
