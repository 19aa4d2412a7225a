package whirlwind.http.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpOutputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.ResponseHead.Framing;
import whirlwind.http.codec.ResponseHead.Persistence;
import whirlwind.http.codec.ResponseState.Step;

/**
 * One request and the response that is made to it. Confined to the loop, but not to its own thread:
 * what is sent is put on the connection's outbox. The server's {@code HttpExchange} says what the
 * methods do.
 */
public final class ServerExchange {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] CRLF = Scratch.ascii("\r\n");
    private static final byte[] LAST_CHUNK = Scratch.ascii("0\r\n\r\n");

    /** Lengths that are no length. */
    private static final long UNKNOWN = -1;

    private final HttpConnection connection;
    private final HttpServerRequest request;

    /** What is still to come of the request; null if it was whole from the start. */
    private final @Nullable StreamedBody streamed;

    /** Whether {@link #read} has handed over the body that was there from the start. */
    private boolean bodyRead;

    private ResponseState state = ResponseState.AWAITED;
    private boolean keepAlive;

    /** Whether the body that is written is sent. */
    private boolean bodySent;

    private boolean chunked;

    /** What the announced body still lacks, or UNKNOWN. */
    private long missing = UNKNOWN;

    /** What the connection is after an upgrade. */
    private @Nullable WebSocketChannel successor;

    ServerExchange(
            HttpConnection connection,
            HttpServerRequest request,
            @Nullable StreamedBody streamed,
            boolean keepAlive) {
        this.connection = connection;
        this.request = request;
        this.streamed = streamed;
        this.keepAlive = keepAlive;
    }

    /** What the client asked. */
    public HttpServerRequest request() {
        return request;
    }

    /** The next piece of the request's body; null after the last. */
    public CompletableFuture<byte @Nullable []> read() {
        connection.checkAccess("HttpExchange.read");
        if (streamed != null) {
            return streamed.read();
        }
        boolean first = !bodyRead && request.body().length > 0;
        bodyRead = true;
        return CompletableFuture.completedFuture(first ? request.body() : null);
    }

    /** Sets how long the body may be that is read. */
    public void limitBody(long bytes) {
        connection.checkAccess("HttpExchange.limitBody");
        if (bytes < 0) {
            throw new IllegalArgumentException("limit of the body: " + bytes + " (0 or more)");
        }
        if (streamed != null) {
            streamed.limit(bytes);
        } else if (request.body().length > 0) {
            throw new IllegalStateException(
                    "the request's body was read before its handler ran: only one that is streamed"
                            + " can get another limit");
        }
    }

    /** Whether a response has been started. */
    public boolean isStarted() {
        return state != ResponseState.AWAITED && state != ResponseState.GONE;
    }

    /** Whether nothing can be sent any more. */
    public boolean isFinished() {
        return state != ResponseState.AWAITED && state != ResponseState.BODY;
    }

    /** Whether this has become a WebSocket. */
    public boolean isSwitched() {
        return state == ResponseState.SWITCHED;
    }

    /** Whether the client went away before the response was finished. */
    public boolean isGone() {
        return state == ResponseState.GONE;
    }

    /** Sends a whole response. */
    public void respond(int status, @Nullable String reason, Headers headers, byte[] body) {
        connection.checkAccess("HttpExchange.respond");
        var next = state.after(Step.RESPOND);
        int given = checkedFields(status, reason, headers);
        boolean bodyless = HttpStatus.hasNoBody(status);
        if (bodyless && body.length > 0) {
            throw new IllegalArgumentException(
                    "status " + status + " with a body of " + body.length + " bytes");
        }
        if ((given & ResponseHead.CONTENT_LENGTH) != 0 && !bodyless) {
            checkWhole(ResponseHead.lengthOf(headers), body.length);
        }
        if (state == ResponseState.GONE) {
            return;
        }
        boolean addLength = !bodyless && (given & ResponseHead.CONTENT_LENGTH) == 0;
        state = next;
        connection.send(
                new ResponseHead(
                        status,
                        reason,
                        headers,
                        isHead() ? NOTHING : body,
                        given,
                        addLength ? Framing.LENGTH : Framing.AS_GIVEN,
                        body.length,
                        persistence(headers, given)));
    }

    /** A HEAD request may be answered with the length alone. */
    private void checkWhole(long announced, int actual) {
        if (announced != actual && !(isHead() && actual == 0)) {
            abort();
            throw new HttpOutputException(
                    "Content-Length is %d, but the body has %d bytes".formatted(announced, actual));
        }
    }

    /** Starts a response whose body comes piece by piece. */
    public void start(int status, @Nullable String reason, Headers headers) {
        connection.checkAccess("HttpExchange.start");
        var next = state.after(Step.START);
        int given = checkedFields(status, reason, headers);
        bodySent = !isHead() && !HttpStatus.hasNoBody(status);
        if ((given & ResponseHead.CONTENT_LENGTH) != 0) {
            long length = ResponseHead.lengthOf(headers);
            missing = bodySent ? length : UNKNOWN;
        } else if (bodySent) {
            chunked = request.version() == HttpVersion.HTTP_1_1;
            keepAlive &= chunked; // else the end of the connection is the end of the body
        }
        if (state == ResponseState.GONE) {
            return;
        }
        state = next;
        connection.send(
                new ResponseHead(
                        status,
                        reason,
                        headers,
                        NOTHING,
                        given,
                        chunked ? Framing.CHUNKED : Framing.AS_GIVEN,
                        0,
                        persistence(headers, given)));
    }

    /** Sends a piece of the body. */
    public CompletableFuture<@Nullable Void> write(byte[] piece) {
        connection.checkAccess("HttpExchange.write");
        state = state.after(Step.WRITE);
        if (state == ResponseState.GONE) {
            return gone();
        }
        if (!bodySent || piece.length == 0) {
            return connection.whenTaken();
        }
        if (connection.overflows()) {
            return gone();
        }
        takeFromLength(piece.length);
        if (chunked) {
            connection.send(chunkSize(piece.length));
            connection.send(piece);
            connection.send(CRLF);
        } else {
            connection.send(piece);
        }
        return connection.whenTaken();
    }

    /** Whether {@link #writeFile} may be called: nothing has to be done to the bytes. */
    public boolean sendsFiles() {
        return connection.sendsFiles();
    }

    /** Sends a part of a file as a piece of the body, which the kernel does; done when it has. */
    public CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        connection.checkAccess("HttpExchange.writeFile");
        state = state.after(Step.WRITE);
        if (state == ResponseState.GONE) {
            return gone();
        }
        if (!bodySent || count == 0) {
            return connection.whenTaken();
        }
        takeFromLength(count);
        if (chunked) {
            connection.send(chunkSize(count));
        }
        var sent = connection.sendFile(file, offset, count);
        if (chunked) {
            connection.send(CRLF);
        }
        return sent;
    }

    private void takeFromLength(long count) {
        if (missing == UNKNOWN) {
            return;
        }
        if (count > missing) {
            abort();
            throw new HttpOutputException(
                    "the body is longer than its Content-Length: %d bytes, %d missing"
                            .formatted(count, missing));
        }
        missing -= count;
    }

    /** Ends the response. */
    public CompletableFuture<@Nullable Void> finish() {
        connection.checkAccess("HttpExchange.finish");
        var next = state.after(Step.FINISH);
        if (next == ResponseState.GONE) {
            return gone();
        }
        if (missing > 0) {
            abort();
            throw new HttpOutputException(
                    "the body is %d bytes shorter than its Content-Length".formatted(missing));
        }
        state = next;
        if (chunked) {
            connection.send(LAST_CHUNK);
        }
        connection.finished();
        return connection.whenTaken();
    }

    /** Drops the connection. */
    public void abort() {
        connection.checkAccess("HttpExchange.abort");
        if (successor != null) {
            successor.abort();
        } else {
            connection.abort();
        }
    }

    /** Makes the connection a WebSocket. */
    public WebSocketChannel upgrade(WebSocketTerms terms) {
        connection.checkAccess("HttpExchange.upgrade");
        var next = state.after(Step.UPGRADE);
        if (next == ResponseState.GONE) {
            throw new IllegalStateException("the client is gone");
        }
        if (streamed != null) {
            throw new HttpInputException(400, "a WebSocket handshake with a body");
        }
        var handshake = WebSocketHandshake.accept(request, terms);
        state = next;
        successor = connection.upgrade(handshake);
        return successor;
    }

    /** The client is gone, and who answers is to be told so: true, once. */
    boolean lose() {
        if (isFinished()) {
            return false;
        }
        state = ResponseState.GONE;
        return true;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    private boolean isHead() {
        return request.method().equals("HEAD");
    }

    private static int checkedFields(int status, @Nullable String reason, Headers headers) {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException("status: " + status + " (expected 200 to 999)");
        }
        if (reason != null) {
            var checked = new ResponseStartLine(HttpVersion.HTTP_1_1, status, reason);
            assert checked.code() == status;
        }
        int given = ResponseHead.scan(headers);
        if ((given & ResponseHead.TRANSFER_ENCODING) != 0) {
            throw new IllegalArgumentException(
                    "Transfer-Encoding is not for handlers: leave out Content-Length, and the body"
                            + " goes in chunks");
        }
        return given;
    }

    /** Decides whether the connection goes on, and what the client must be told about that. */
    private Persistence persistence(Headers headers, int given) {
        boolean mentioned = (given & ResponseHead.CONNECTION) != 0;
        keepAlive &= !connection.isDraining();
        keepAlive &= streamed == null || streamed.isWhole(); // else the rest would be in the way
        keepAlive &= !mentioned || !headers.containsToken("Connection", "close");
        if (mentioned) {
            return Persistence.AS_GIVEN;
        }
        boolean old = request.version() == HttpVersion.HTTP_1_0;
        if (keepAlive) {
            return old ? Persistence.KEEP_ALIVE : Persistence.AS_GIVEN;
        }
        return old ? Persistence.AS_GIVEN : Persistence.CLOSE;
    }

    private static byte[] chunkSize(long size) {
        return Scratch.ascii(Long.toHexString(size) + "\r\n");
    }

    private static CompletableFuture<@Nullable Void> gone() {
        return CompletableFuture.failedFuture(clientGone());
    }

    static UncheckedIOException clientGone() {
        var message = "the client went away";
        return new UncheckedIOException(message, new IOException(message));
    }
}
