package whirlwind.http.transport;

/**
 * Something about a request that only one kind of transport understands, such as {@code CurlHook}
 * of the transport over libcurl. A transport refuses a request with a hook of another's. Tornado:
 * {@code prepare_curl_callback}.
 */
public interface TransportHook {
    /**
     * Whether an HTTP proxy has to connect for the request (CONNECT, as for https) instead of
     * passing it on.
     */
    default boolean tunnels() {
        return false;
    }
}
