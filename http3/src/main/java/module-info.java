/** HTTP/3 for Whirlwind's servers: nothing to call, only to have. */
@SuppressWarnings("module") // the digit is part of the name of what it speaks
module whirlwind.http3 {
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.http3;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.slf4j;
    requires static org.jspecify;
    requires whirlwind;

    provides whirlwind.http.codec.stream.Http3Provider with
            whirlwind.http3.QuicProvider;
}
