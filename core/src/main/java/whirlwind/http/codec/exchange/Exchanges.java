package whirlwind.http.codec.exchange;

import whirlwind.http.HttpServerRequest;

/** Takes the requests that come over a server's connections. Called on the loop's own thread. */
public interface Exchanges {
    /**
     * Whether a request, whose body is still to come, is to begin without it and to read it itself.
     */
    boolean streamsBody(HttpServerRequest head);

    /** A request is there. */
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
