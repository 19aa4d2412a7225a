package whirlwind.realtime.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.check.Check;
import whirlwind.escape.Json;
import whirlwind.escape.MalformedJsonException;
import whirlwind.http.HeaderValue;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;
import whirlwind.realtime.sse.SseStream;
import whirlwind.web.RequestHandler;
import whirlwind.web.StreamRequestBody;

/**
 * The requests of a session: the transports over server-sent events and long polling.
 *
 * <p>Other sites' pages can't use them: an origin that is not the server's own is refused unless
 * {@link SessionHost#allowsOrigin} allows it, what changes anything is JSON, which a form can't
 * send, and all but the first name a session that nobody guesses.
 */
final class SessionHandlers {
    private static final String JSON = "application/json; charset=UTF-8";

    /** Frames in one request. */
    private static final int MAX_FRAMES = 100;

    /** So many of the largest frames fit one request. */
    private static final int LARGE_FRAMES = 16;

    private SessionHandlers() {}

    /** There is no such session. */
    static SessionException unknown() {
        return new SessionException(
                410, ErrorCode.UNAVAILABLE, "no such session, or it has ended: begin a new one");
    }

    /** What all have in common. */
    private abstract static class SessionHandler extends RequestHandler {
        final SessionHost host;

        SessionHandler(SessionHost host) {
            this.host = host;
        }

        @Override
        protected void setDefaultHeaders() {
            setHeader("Cache-Control", "no-store");
            setHeader("X-Content-Type-Options", "nosniff");
        }

        /** Some wait. */
        @Override
        protected Duration timeLimit() {
            return Duration.ZERO;
        }

        /** Origin and type are checked instead. */
        @Override
        protected void checkXsrfCookie() {}

        @Override
        protected void prepare() {
            var origin = request().headers().get("Origin");
            if (origin != null && !request().isSameOrigin(origin) && !host.allowsOrigin(origin)) {
                throw new SessionException(403, ErrorCode.FORBIDDEN, "not for pages of " + origin);
            }
        }

        /** The session that the request names. */
        final Session session() {
            var token = getQueryArgument("session", "");
            var session = token == null ? null : host.sessions().find(token);
            if (session == null) {
                throw unknown();
            }
            return session;
        }

        /** Which of its kind it is, if the client counts them; else 0. */
        final int number() {
            var number = getQueryArgument("number", null);
            if (number == null) {
                return 0;
            }
            try {
                return Check.positive("number", Integer.parseInt(number));
            } catch (IllegalArgumentException _) {
                throw new SessionException(
                        400, ErrorCode.MALFORMED, "number counts requests, from 1 on");
            }
        }

        @Override
        protected void writeError(int status, @Nullable Throwable failure) {
            var frame =
                    failure instanceof SessionException e
                            ? ServerFrames.error(null, e.code(), e.message())
                            : ServerFrames.error(null, codeOf(status), "HTTP " + status);
            finishWithJson(frame.json());
        }

        private static String codeOf(int status) {
            return switch (status) {
                case 413 -> ErrorCode.LIMIT;
                case 503 -> ErrorCode.UNAVAILABLE;
                default -> status < 500 ? ErrorCode.MALFORMED : ErrorCode.INTERNAL;
            };
        }

        final void finishWithJson(String json) {
            setHeader("Content-Type", JSON);
            finish(json);
        }
    }

    /** One with a body, which is read no further than it may be long. */
    @StreamRequestBody
    private abstract static class PostHandler extends SessionHandler {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

        PostHandler(SessionHost host) {
            super(host);
        }

        @Override
        protected void prepare() {
            super.prepare();
            setMaxBodySize(3L * LARGE_FRAMES * host.maxFrameSize());
        }

        @Override
        protected final void dataReceived(byte[] piece) {
            body.writeBytes(piece);
        }

        /** The body as JSON, which it has to be by its type, too. */
        final JsonNode json() {
            var type = HeaderValue.parse(request().headers().get("Content-Type", "")).value();
            if (!type.toLowerCase(Locale.ROOT).equals("application/json")) {
                throw new SessionException(
                        415, ErrorCode.MALFORMED, "expected the type application/json");
            }
            try {
                return Json.decode(body.toByteArray());
            } catch (MalformedJsonException _) {
                throw new SessionException(400, ErrorCode.MALFORMED, "no JSON");
            }
        }

        final void checkSize(JsonNode frame) {
            int most = host.maxFrameSize();
            if (body.size() > most && frame.toString().length() > most) {
                throw new SessionException(
                        413, ErrorCode.LIMIT, "a frame has at most " + most + " characters");
            }
        }
    }

    /** {@code POST session}: the frame {@code connect} begins one. */
    static final class Begin extends PostHandler {
        Begin(SessionHost host) {
            super(host);
        }

        @Override
        protected void post() {
            var frame = json();
            checkSize(frame);
            if (!"connect".equals(frame.path("type").asString(""))) {
                throw new SessionException(400, ErrorCode.MALFORMED, "the first frame is connect");
            }
            boolean streams = "sse".equals(getQueryArgument("transport", ""));
            var session = host.sessions().begin(host, request(), streams);
            finishWithJson(session.connect(frame).json());
        }
    }

    /** {@code POST messages}: an array of frames. */
    static final class Messages extends PostHandler {
        Messages(SessionHost host) {
            super(host);
        }

        @Override
        protected void post() {
            var session = session();
            int number = number();
            var frames = json();
            if (!frames.isArray() || frames.size() > MAX_FRAMES) {
                throw new SessionException(
                        400,
                        ErrorCode.MALFORMED,
                        "expected an array of at most %d frames".formatted(MAX_FRAMES));
            }
            var all = new ArrayList<JsonNode>(frames.size());
            for (var frame : frames) {
                checkSize(frame);
                all.add(frame);
            }
            Async.await(session.receive(number, all));
            setStatus(204);
            finish();
        }
    }

    /** {@code GET events}: the frames for the client, as they come. */
    static final class Events extends SessionHandler {
        Events(SessionHost host) {
            super(host);
        }

        @Override
        protected void get() {
            var session = session();
            var here = IOLoop.current();
            Relay relay;
            try {
                relay = Async.await(session.onHome(() -> session.reserve(here)));
            } catch (CancellationException e) {
                session.lost();
                throw e;
            }
            var stream = new SessionStream(session, SseStream.open(this), relay);
            session.home().run(() -> session.begin(stream));
        }
    }

    /**
     * {@code POST poll}: answers with an array of frames. Until there are some, the answer is a
     * head without a body, and costs no coroutine.
     */
    static final class Poll extends PostHandler {
        Poll(SessionHost host) {
            super(host);
        }

        @Override
        protected void post() {
            var session = session();
            int number = number();
            CompletableFuture<List<Frame>> later = IOLoop.current().newFuture();
            @Nullable List<Frame> now;
            try {
                now = Async.await(session.onHome(() -> session.poll(number, later)));
            } catch (CancellationException e) {
                session.lost();
                throw e;
            }
            if (now != null) {
                finishWithJson(arrayOf(now));
                return;
            }
            setHeader("Content-Type", JSON);
            var exchange = keepOpen();
            exchange.onClose(session::lost);
            later.thenAccept(frames -> {
                if (!exchange.isFinished()) {
                    exchange.write(arrayOf(frames).getBytes(StandardCharsets.UTF_8));
                    exchange.finish();
                }
            });
        }

        private static String arrayOf(List<Frame> frames) {
            return frames.stream().map(Frame::json).collect(Collectors.joining(",", "[", "]"));
        }
    }
}
