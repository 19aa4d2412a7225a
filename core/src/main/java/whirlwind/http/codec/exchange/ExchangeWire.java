package whirlwind.http.codec.exchange;

import whirlwind.http.codec.Outbox;

/**
 * What carries a {@link ServerExchange}: a connection of HTTP/1, or a stream of one that has many.
 * Also for coroutines: what is asked for is done at the end of the turn.
 */
public interface ExchangeWire {
    /** The client's address as text. */
    String remoteIp();

    /** What waits for the client to take it. */
    Outbox outbox();

    /** The body of the request that {@code exchange} answers is kept no more. */
    void releaseBody(ServerExchange exchange);

    /** Drops it, while it carries {@code exchange}. */
    void abort(ServerExchange exchange);
}
