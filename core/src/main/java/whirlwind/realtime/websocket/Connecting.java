package whirlwind.realtime.websocket;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.escape.Url;
import whirlwind.http.Headers;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpProtocolException;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.http.client.RetryPolicy;
import whirlwind.http.codec.websocket.WebSocketOpening;
import whirlwind.http.codec.websocket.WebSocketTerms;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.IOLoop;

/** One attempt to open a WebSocket: an HTTP request that is to be answered with 101. */
final class Connecting {
    private static final int SWITCHING_PROTOCOLS = 101;

    /** So many handshakes at a time; the sockets that are open don't count. */
    private static final int MAX_HANDSHAKES = 1000;

    /** The client of a loop for who has none of his own. */
    private record Shared(AsyncHttpClient client) implements AutoCloseable {
        static AsyncHttpClient current() {
            return IOLoop.current().shared(Shared.class, Shared::make).client();
        }

        /** What moves the bytes is always the built-in transport. */
        private static Shared make() {
            return new Shared(
                    new AsyncHttpClient(
                            AsyncHttpClient.configured()
                                    .withTransport(null)
                                    .withMaxClients(MAX_HANDSHAKES)));
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private final HttpRequest request;
    private final WebSocketClientOptions options;
    private final WebSocketOpening opening;
    private Consumer<WebSocketClient> whenOpen = _ -> {};

    Connecting(HttpRequest request, WebSocketClientOptions options) {
        this.request = request;
        this.options = options;
        var deflate = options.deflate();
        this.opening =
                new WebSocketOpening(
                        new WebSocketTerms(
                                null,
                                new Headers(),
                                options.maxMessageSize(),
                                options.inParts(),
                                deflate == null
                                        ? null
                                        : new WebSocketTerms.Deflate(
                                                deflate.level(),
                                                deflate.serverNoContextTakeover(),
                                                deflate.clientNoContextTakeover())),
                        options.subprotocols());
    }

    void whenOpen(Consumer<WebSocketClient> action) {
        whenOpen = action;
    }

    CompletableFuture<WebSocketClient> start() {
        var http = options.client() == null ? Shared.current() : options.client();
        var loop = IOLoop.current();
        CompletableFuture<HttpResponse> answer;
        try {
            answer = http.fetch(asHttp());
        } catch (IllegalArgumentException senseless) {
            return CompletableFuture.failedFuture(senseless);
        }
        CompletableFuture<WebSocketClient> future = loop.newFuture(() -> answer.cancel(true));
        answer.whenComplete((response, failure) -> {
            try {
                var socket = opened(response, failure);
                if (!future.complete(socket)) {
                    socket.close(); // cancelled, and too late to stop it
                }
            } catch (RuntimeException e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    private HttpRequest asHttp() {
        var headers = request.headers();
        opening.ask(headers);
        return request.withUrl(httpUrl(request.url()))
                .withMethod("GET")
                .withHeaders(headers)
                .withTransportHook(opening)
                .withFollowRedirects(false)
                .withDecompressResponse(false)
                .withHttp2(Http2Mode.NEVER)
                .withRetryPolicy(RetryPolicy.NONE)
                .withRaiseError(false);
    }

    private static String httpUrl(String url) {
        var scheme = url.substring(0, Math.max(0, url.indexOf(':'))).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "ws" -> "http" + url.substring(scheme.length());
            case "wss" -> "https" + url.substring(scheme.length());
            default ->
                    throw new IllegalArgumentException(
                            "URL "
                                    + Text.quoted(Url.withoutUser(url))
                                    + ": expected ws:// or wss://");
        };
    }

    private WebSocketClient opened(@Nullable HttpResponse response, @Nullable Throwable failure) {
        if (failure instanceof HttpProtocolException none) {
            var cause = none.getCause() != null ? none.getCause() : none;
            throw new WebSocketHandshakeException(
                    Url.withoutUser(request.url()) + ": " + cause.getMessage(), null, none);
        }
        if (failure != null || response == null) {
            throw failure instanceof RuntimeException known
                    ? known
                    : new CompletionException(failure);
        }
        var channel = opening.channel();
        if (channel == null || response.code() != SWITCHING_PROTOCOLS) {
            throw new WebSocketHandshakeException(
                    "%s: HTTP %d: %s instead of a WebSocket"
                            .formatted(
                                    Url.withoutUser(request.url()),
                                    response.code(),
                                    response.reason()),
                    response,
                    null);
        }
        var socket = new WebSocketClient(channel, response.headers(), options);
        whenOpen.accept(socket);
        return socket;
    }
}
