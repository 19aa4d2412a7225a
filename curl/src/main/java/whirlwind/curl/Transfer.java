package whirlwind.curl;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;
import whirlwind.http.transport.TransportRequest;
import whirlwind.net.connect.ConnectTimeoutException.Stage;

/** One request under way, and its response: what libcurl asks and tells about it. */
final class Transfer implements HttpTransport.Exchange {
    private static final Set<String> CODINGS = Set.of("gzip", "x-gzip", "deflate", "br", "zstd");

    private final Engine engine;
    private final TransportRequest request;
    private final ResponseListener listener;
    private final Easy easy;
    private final Setup setup;
    private final Head head;
    private final @Nullable Upload upload;
    private @Nullable CompletableFuture<List<InetSocketAddress>> question;
    private @Nullable Throwable failure;
    private boolean reads;
    private boolean uploading;
    private boolean connected;
    private boolean over;
    private boolean paused;
    private boolean receivingHeld;

    /**
     * @throws IllegalArgumentException if libcurl can't do what the request asks for
     * @throws RuntimeException what the request's hook throws
     */
    Transfer(Engine engine, TransportRequest request, ResponseListener listener) {
        this.engine = engine;
        this.request = request;
        this.listener = listener;
        this.head = new Head(engine.options().maxHeaderSize());
        this.upload = request.streamed() ? new Upload(this::goOn) : null;
        this.easy = engine.take();
        this.setup = new Setup(engine, easy);
        try {
            setup.apply(request);
        } catch (RuntimeException e) {
            setup.free();
            engine.giveBack(easy);
            throw e;
        }
        easy.transfer = this;
    }

    void start() {
        var naming = engine.naming();
        if (naming == null) {
            engine.call(() -> engine.start(easy));
            return;
        }
        question = naming.ask(request.route());
        question.whenComplete((addresses, failure) ->
                engine.callLater(() -> {
                    if (over) {
                        return;
                    }
                    if (addresses == null) {
                        engine.tell(failed(cause(failure)));
                        return;
                    }
                    question = null;
                    setup.addresses(request.route(), addresses);
                    engine.start(easy);
                }));
    }

    private static Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : Objects.requireNonNull(failure);
    }

    // ---- the client asks ----

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            engine.call(this::release);
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        if (receivingHeld) {
            receivingHeld = false;
            goOn();
        }
    }

    /** Lets libcurl receive and send again what nothing holds back any more. */
    private void goOn() {
        engine.call(() -> {
            if (!over) {
                int directions = receivingHeld ? Code.PAUSE_RECEIVING : 0;
                if (upload != null && upload.isHeld()) {
                    directions |= Code.PAUSE_SENDING;
                }
                Libcurl.pause(easy.handle, directions);
            }
        });
    }

    /** What libcurl has measured so far tells. */
    @Override
    public Stage connecting() {
        var route = request.route();
        if (question != null || engine.naming() == null && !has(Code.INFO_NAMELOOKUP_TIME)) {
            return Stage.RESOLVE;
        }
        var proxy = route.proxy();
        if (!reads && !has(Code.INFO_CONNECT_TIME)) { // some set that after proxy and TLS only
            return Stage.CONNECT;
        }
        boolean tunnels = proxy != null && !route.isForwarded();
        long answer = Libcurl.info(easy.handle, Code.INFO_HTTP_CONNECTCODE, engine.result());
        return tunnels && answer / 100 != 2 ? Stage.PROXY : Stage.TLS;
    }

    /** libcurl waits until it may read or write on this transfer's socket. */
    void waitsFor(int what) {
        reads = (what & Code.POLL_IN) != 0;
    }

    private boolean has(int time) {
        return Libcurl.info(easy.handle, time, engine.result()) != 0;
    }

    // ---- libcurl asks and tells ----

    int beforeRequest() {
        return guarded(
                        () -> {
                            tellConnected();
                            return 0;
                        },
                        1)
                .intValue();
    }

    private void tellConnected() {
        connected = true;
        long made = Libcurl.info(easy.handle, Code.INFO_NUM_CONNECTS, engine.result());
        listener.connected(made == 0);
    }

    long read(long buffer, long size) {
        var from = upload;
        if (from == null) {
            return Code.READ_ABORT;
        }
        return guarded(
                () -> {
                    if (!uploading) {
                        uploading = true;
                        listener.sendBody(from);
                    }
                    return from.read(buffer, size);
                },
                Code.READ_ABORT);
    }

    long header(long data, long size) {
        return guarded(
                () -> {
                    var line = Latin1.line(data, (int) size);
                    if (head.isComplete()) {
                        head.addTrailer(line);
                    } else if (head.add(line)) {
                        tellHead();
                    }
                    return size;
                },
                0);
    }

    private void tellHead() {
        if (!connected) { // a libcurl before 7.80 doesn't say so itself
            tellConnected();
        }
        var headers = head.headers();
        var coding = headers.get("Content-Encoding");
        if (request.decompress()
                && coding != null
                && CODINGS.contains(coding.toLowerCase(Locale.ROOT))) {
            headers.remove("Content-Encoding");
            headers.remove("Content-Length");
            headers.set("X-Consumed-Content-Encoding", coding);
        }
        listener.head(head.startLine(), headers);
    }

    long body(long data, long size) {
        if (paused && !over) {
            receivingHeld = true;
            return Code.WRITE_PAUSE;
        }
        return guarded(
                () -> {
                    listener.body(Libcurl.MEMORY.asSlice(data, size).asByteBuffer());
                    return size;
                },
                0);
    }

    private interface Answer {
        long give();
    }

    /** What {@code answer} gives, unless the transfer is over or it fails: then that to abort. */
    private Long guarded(Answer answer, long abort) {
        if (over) {
            return abort;
        }
        try {
            long given = answer.give();
            return over ? abort : given;
        } catch (Throwable e) {
            failure = e;
            return abort;
        }
    }

    // ---- outcomes; each frees the handle, and gives what to tell afterwards ----

    /** It has ended with this code. */
    Runnable ended(int code) {
        if (over) {
            return () -> {};
        }
        if (code != Code.OK) {
            return failed(
                    failure != null ? failure : Failure.of(request.route(), easy, code, engine));
        }
        if (!head.isComplete()) {
            return failed(new EOFException("connection closed within the response's head"));
        }
        var times = times();
        over = true;
        release();
        return () -> listener.end(head.trailers(), times);
    }

    /** It can't go on. */
    Runnable failed(Throwable cause) {
        if (over) {
            return () -> {};
        }
        over = true;
        release();
        return () -> listener.failed(cause);
    }

    private void release() {
        if (question != null) {
            question.cancel(true);
        }
        engine.stop(easy);
        setup.free();
        engine.giveBack(easy);
        if (upload != null) {
            upload.fail(new IOException("the request has ended"));
        }
    }

    private Map<String, Duration> times() {
        var times = new LinkedHashMap<String, Duration>();
        time(times, "namelookup", Code.INFO_NAMELOOKUP_TIME);
        time(times, "connect", Code.INFO_CONNECT_TIME);
        time(times, "appconnect", Code.INFO_APPCONNECT_TIME);
        time(times, "pretransfer", Code.INFO_PRETRANSFER_TIME);
        time(times, "starttransfer", Code.INFO_STARTTRANSFER_TIME);
        time(times, "total", Code.INFO_TOTAL_TIME);
        return times;
    }

    private void time(Map<String, Duration> times, String name, int info) {
        double seconds = Double.longBitsToDouble(Libcurl.info(easy.handle, info, engine.result()));
        times.put(name, Duration.ofNanos(Math.round(seconds * 1e9)));
    }
}
