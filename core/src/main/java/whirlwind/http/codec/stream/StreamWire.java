package whirlwind.http.codec.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.util.AsciiString;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpVersion;

/**
 * What carries a {@link ServerStream}: a stream of a connection that has many, HTTP/2's or
 * HTTP/3's. Called on the loop's own thread, but for {@link #ready}.
 */
public interface StreamWire {
    /** Why a stream is reset; each version has numbers of its own for that. */
    enum Reset {
        /** The response is whole, and the rest of the request is not needed. */
        NOT_NEEDED,
        /** It took too long. */
        CANCELLED,
        /** The response can't be finished. */
        FAILED
    }

    /** The version of HTTP that requests come in. */
    HttpVersion version();

    /** The client's address as text. */
    String remoteIp();

    /** What is known of the client by TLS; null without. */
    @Nullable SSLSession tls();

    /** Where the bytes of bodies are put. */
    ByteBufAllocator alloc();

    /**
     * Has {@link ServerStream#send} called at the end of the turn, as often as it moves something.
     * Coroutines call it, too.
     */
    void ready();

    /** How many bytes of a body may be handed over now. */
    int room();

    /** Whether nothing can be sent until the wire itself calls {@link #ready}. */
    boolean isBlocked();

    /** So many bytes of the request's body are done with: the client may send as many again. */
    void consumed(int bytes);

    /**
     * Sends a head, or what comes behind the body.
     *
     * @param status null for fields behind the body
     * @param fields names, in lower case, and values in turn
     */
    ChannelFuture writeFields(
            @Nullable AsciiString status, @Nullable AsciiString[] fields, boolean last);

    /** Sends a piece of the body, which is released. */
    ChannelFuture writeData(ByteBuf piece, boolean last);

    /**
     * Sends something that means nothing, if only writing tells whether the client still wants an
     * answer; otherwise does nothing.
     */
    default void probe() {}

    /** Ends the stream in both directions, or but for what has been written. */
    void reset(Reset why);
}
