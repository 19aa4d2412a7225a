package whirlwind.http.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;

/** A server on the current loop, with a handler for each path. */
public final class Site implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, HttpHandler> handlers = new HashMap<>();
    private final List<HttpServerRequest> requests = new ArrayList<>();

    Site(HttpServerOptions options) {
        server = new HttpServer(this::handle, options);
        server.listen("127.0.0.1", 0);
        try {
            server.listen("::1", server.port());
        } catch (RuntimeException noIpv6) {
            // then the test that needs it fails, and says so
        }
    }

    public Site on(String path, HttpHandler handler) {
        handlers.put(path, handler);
        return this;
    }

    /** Answers with a text. */
    public Site on(String path, String text) {
        return on(path, exchange -> exchange.respond(200, new Headers(), ClientWorld.bytes(text)));
    }

    /** Redirects. */
    public Site redirect(String path, int code, String location) {
        return on(
                path,
                exchange -> exchange.respond(code, Headers.of("Location", location), new byte[0]));
    }

    private void handle(HttpExchange exchange) throws Exception {
        requests.add(exchange.request());
        var handler = handlers.get(exchange.request().path());
        if (handler == null) {
            exchange.respond(404, new Headers(), ClientWorld.bytes("nothing here"));
        } else {
            handler.handle(exchange);
        }
    }

    public int port() {
        return server.port();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    public HttpServer server() {
        return server;
    }

    /** All requests so far. */
    public List<HttpServerRequest> requests() {
        return requests;
    }

    public HttpServerRequest lastRequest() {
        return requests.getLast();
    }

    @Override
    public void close() {
        server.close();
    }
}
