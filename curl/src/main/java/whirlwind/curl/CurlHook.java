package whirlwind.curl;

import whirlwind.http.transport.TransportHook;

/**
 * Sets options of libcurl for which Whirlwind has no name, for one request or, in a client's
 * defaults, for all:
 *
 * {@snippet :
 * int tcpKeepAlive = 213; // CURLOPT_TCP_KEEPALIVE, from curl.h
 * request.withTransportHook((CurlHook) handle -> handle.set(tcpKeepAlive, 1));
 * }
 *
 * <p>Tornado: {@code prepare_curl_callback}.
 */
@FunctionalInterface
public interface CurlHook extends TransportHook {
    /**
     * Called on the loop, for each hop of a fetch, when everything else is set; must not wait. What
     * it throws fails the fetch.
     *
     * @param handle for use during the call only
     */
    void prepare(CurlHandle handle);
}
