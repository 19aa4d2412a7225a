package whirlwind.http.server;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.http.FormLimits;
import whirlwind.http.codec.ConnectionLimits;

/**
 * What a server puts up with. Start from {@link #DEFAULTS} and change what you need: {@code
 * HttpServerOptions.DEFAULTS.withMaxBodySize(1 << 20)}. Tornado: the arguments of {@code
 * HTTPServer} and {@code HTTP1ConnectionParameters}.
 *
 * @param maxHeaderSize bytes in a request's header fields together; more is answered with 431
 * @param maxStartLine bytes in a request line; more is answered with 414
 * @param maxBodySize bytes in a request's body, which is kept in memory; more is answered with 413,
 *     before it is read if {@code Content-Length} announces it
 * @param headerTimeout how long a request's head may take from its first byte, or from the
 *     connection's start, before it is answered with 408; with no byte at all the connection is
 *     closed silently
 * @param bodyTimeout how long a request's body may take before it is answered with 408; null: as
 *     long as {@code idleTimeout} does not pass between two pieces of it
 * @param idleTimeout how long a connection may stay open between two requests, or make no progress,
 *     before it is closed
 * @param maxConnections further ones wait in the kernel's backlog until one closes
 * @param writeHighWater bytes that may wait for a slow client before the futures of writes are no
 *     longer done at once
 * @param maxWriteBuffer bytes that may wait for a slow client in all: whoever goes on writing
 *     beyond that, against those futures, has the connection dropped. A response given as a whole
 *     may be larger
 * @param keepAlive whether a connection serves more than one request
 * @param reusePort whether several processes or loops may listen on one port and share its
 *     connections ({@code SO_REUSEPORT}); in a {@code LoopGroup} and in workers they do anyway
 * @param backlog connections that may wait to be accepted
 * @param formLimits what forms may hold
 */
public record HttpServerOptions(
        int maxHeaderSize,
        int maxStartLine,
        int maxBodySize,
        Duration headerTimeout,
        @Nullable Duration bodyTimeout,
        Duration idleTimeout,
        int maxConnections,
        int writeHighWater,
        int maxWriteBuffer,
        boolean keepAlive,
        boolean reusePort,
        int backlog,
        FormLimits formLimits) {

    /**
     * Headers of 64 KiB, request lines of 16 KiB, bodies of 100 MiB; a minute for a head, no limit
     * for a body, an hour of idleness; 100,000 connections; 64 KiB may wait for a slow client
     * before writers are told to, and 16 MiB in all.
     */
    public static final HttpServerOptions DEFAULTS =
            new HttpServerOptions(
                    64 << 10,
                    16 << 10,
                    100 << 20,
                    Duration.ofSeconds(60),
                    null,
                    Duration.ofHours(1),
                    100_000,
                    64 << 10,
                    16 << 20,
                    true,
                    false,
                    65_535,
                    FormLimits.DEFAULTS);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit or a time is not positive
     */
    public HttpServerOptions {
        requirePositive("maxHeaderSize", maxHeaderSize);
        requirePositive("maxStartLine", maxStartLine);
        requirePositive("maxBodySize", maxBodySize);
        requirePositive("headerTimeout", headerTimeout);
        if (bodyTimeout != null) {
            requirePositive("bodyTimeout", bodyTimeout);
        }
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("maxConnections", maxConnections);
        requirePositive("writeHighWater", writeHighWater);
        requirePositive("maxWriteBuffer", maxWriteBuffer);
        requirePositive("backlog", backlog);
        Objects.requireNonNull(formLimits, "formLimits");
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (at least 1)");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": " + value + " (more than 0)");
        }
    }

    /** These options with another limit for headers. */
    public HttpServerOptions withMaxHeaderSize(int maxHeaderSize) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limit for request lines. */
    public HttpServerOptions withMaxStartLine(int maxStartLine) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limit for bodies. */
    public HttpServerOptions withMaxBodySize(int maxBodySize) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limit of time for heads. */
    public HttpServerOptions withHeaderTimeout(Duration headerTimeout) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limit of time for bodies, or none. */
    public HttpServerOptions withBodyTimeout(@Nullable Duration bodyTimeout) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limit of time for idleness. */
    public HttpServerOptions withIdleTimeout(Duration idleTimeout) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another number of connections. */
    public HttpServerOptions withMaxConnections(int maxConnections) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another mark at which writers have to wait. */
    public HttpServerOptions withWriteHighWater(int writeHighWater) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limit for what waits to be written. */
    public HttpServerOptions withMaxWriteBuffer(int maxWriteBuffer) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another choice of serving several requests on a connection or one. */
    public HttpServerOptions withKeepAlive(boolean keepAlive) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another choice of sharing the port or not. */
    public HttpServerOptions withReusePort(boolean reusePort) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another backlog. */
    public HttpServerOptions withBacklog(int backlog) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    /** These options with another limits for forms. */
    public HttpServerOptions withFormLimits(FormLimits formLimits) {
        return new HttpServerOptions(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                reusePort,
                backlog,
                formLimits);
    }

    ConnectionLimits limits() {
        return new ConnectionLimits(
                maxHeaderSize,
                maxStartLine,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                writeHighWater,
                maxWriteBuffer,
                keepAlive,
                formLimits);
    }
}
