package whirlwind.net;

import whirlwind.net.channel.Listener;

/**
 * How a {@link TcpServer} listens and what it puts up with. Start from {@link #DEFAULTS} and change
 * what you need.
 *
 * @param backlog connections that may wait to be accepted
 * @param reusePort whether several processes or loops may listen on one port and share its
 *     connections ({@code SO_REUSEPORT})
 * @param maxConnections further ones wait in the backlog until one closes
 * @param streams limits of each connection's buffers
 */
public record TcpServerOptions(
        int backlog, boolean reusePort, int maxConnections, StreamOptions streams) {
    /** A backlog of 128, a port of its own, 100,000 connections. */
    public static final TcpServerOptions DEFAULTS =
            new TcpServerOptions(Listener.BACKLOG, false, 100_000, StreamOptions.DEFAULTS);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is not positive
     */
    public TcpServerOptions {
        requirePositive("backlog", backlog);
        requirePositive("maxConnections", maxConnections);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (at least 1)");
        }
    }

    /** These options with another backlog. */
    public TcpServerOptions withBacklog(int backlog) {
        return new TcpServerOptions(backlog, reusePort, maxConnections, streams);
    }

    /** These options with another choice of sharing the port or not. */
    public TcpServerOptions withReusePort(boolean reusePort) {
        return new TcpServerOptions(backlog, reusePort, maxConnections, streams);
    }

    /** These options with another number of connections. */
    public TcpServerOptions withMaxConnections(int maxConnections) {
        return new TcpServerOptions(backlog, reusePort, maxConnections, streams);
    }

    /** These options with other limits for buffers. */
    public TcpServerOptions withStreams(StreamOptions streams) {
        return new TcpServerOptions(backlog, reusePort, maxConnections, streams);
    }
}
