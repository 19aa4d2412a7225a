package whirlwind.http.codec;

/** Takes the requests that come over a server's connections. */
@FunctionalInterface
public interface Exchanges {
    /** A request is there. Called on the loop's own thread, so it must not wait. */
    Owner begin(ServerExchange exchange);

    /** Whoever answers one exchange. */
    @FunctionalInterface
    interface Owner {
        /**
         * The client went away before the response was finished. Called on the loop's own thread,
         * at most once.
         */
        void clientGone();
    }
}
