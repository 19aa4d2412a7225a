/**
 * An asynchronous networking library and web framework. To write a server, begin with {@link
 * whirlwind.web.Application} and {@link whirlwind.web.RequestHandler}; for conversations with
 * {@link whirlwind.realtime.Hub} or {@link whirlwind.realtime.websocket.WebSocketHandler}; for a
 * client with {@link whirlwind.http.client.AsyncHttpClient}; below HTTP with {@link
 * whirlwind.net.TcpServer}. All of them run on an {@link whirlwind.loop.IOLoop}, where code waits
 * with {@link whirlwind.loop.Async}. Each package says where to begin in it.
 */
@SuppressWarnings("module") // whirlwind.http3 and whirlwind.redis are optional
module whirlwind {
    exports whirlwind.check to
            whirlwind.redis;
    exports whirlwind.escape;
    exports whirlwind.http.client;
    exports whirlwind.http.codec.exchange to
            whirlwind.http3;
    exports whirlwind.http.codec.stream to
            whirlwind.http3;
    exports whirlwind.http.jdk;
    exports whirlwind.http.server;
    exports whirlwind.http.transport;
    exports whirlwind.http;
    exports whirlwind.loop;
    exports whirlwind.net;
    exports whirlwind.net.connect;
    exports whirlwind.net.dns;
    exports whirlwind.net.tls;
    exports whirlwind.process;
    exports whirlwind.realtime.engine;
    exports whirlwind.realtime.longpoll;
    exports whirlwind.realtime.sse;
    exports whirlwind.realtime.websocket;
    exports whirlwind.realtime;
    exports whirlwind.sync;
    exports whirlwind.testing;
    exports whirlwind.tools.autoreload;
    exports whirlwind.transport to
            whirlwind.redis;
    exports whirlwind.web.auth;
    exports whirlwind.web.files;
    exports whirlwind.web.locale;
    exports whirlwind.web.routing;
    exports whirlwind.web.template;
    exports whirlwind.web;

    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.compression;
    requires io.netty.codec.haproxy;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.classes.kqueue;
    requires io.netty.transport.unix.common;
    requires io.pebbletemplates;
    requires static jdk.httpserver; // only whoever has handlers of that kind
    requires jdk.jfr;
    requires jdk.unsupported;
    requires transitive org.jspecify; // at run time, too: @Nullable says what input may lack
    requires org.slf4j;
    requires static com.aayushatharva.brotli4j;
    requires static com.github.luben.zstd_jni;
    requires transitive tools.jackson.databind;
    requires unbescape;

    uses whirlwind.http.codec.stream.Http3Provider;
}
