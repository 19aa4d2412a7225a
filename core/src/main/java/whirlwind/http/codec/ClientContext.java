package whirlwind.http.codec;

import io.netty.handler.codec.http.HttpDecoderConfig;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.IOLoop;

/** What all connections of one transport share. Confined to the loop. */
final class ClientContext {
    final IOLoop loop;
    final ConnectionOptions options;
    final HttpDecoderConfig decoderConfig;
    final Encoding encoding;
    final Scratch scratch = new Scratch();
    final Corks corks;

    /** Counts while connections are kept: what they are idle by. */
    int tick;

    ClientContext(IOLoop loop, ConnectionOptions options) {
        this.loop = loop;
        this.options = options;
        this.decoderConfig = ClientReader.config(options.maxHeaderSize());
        this.encoding = new Encoding(loop, null);
        this.corks = new Corks(loop, () -> {}, () -> {});
    }

    /** Whether a connection may serve more than one request. */
    boolean keepsAlive() {
        return !options.idleTimeout().isZero();
    }
}
