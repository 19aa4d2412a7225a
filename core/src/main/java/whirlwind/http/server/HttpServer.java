package whirlwind.http.server;

import java.time.Duration;

/**
 * Serves HTTP/1.1 and HTTP/1.0 on one loop: the one that is current where the server is made. Tornado's {@code HTTPServer}.
 *
 * <pre>{@code
 * var server = new HttpServer(exchange -> exchange.respond(200, new Headers(), "Hello".getBytes(UTF_8)));
 * server.listen(8888);
 * IOLoop.current().start();
 * }</pre>
 *
 * <p>{@link #listen} may be called before the loop runs, by the thread that will run it; it runs the loop for a moment then. All
 * methods may be called from coroutines and callbacks of the loop, unless they say otherwise.
 */
public final class HttpServer implements AutoCloseable {
  /** A server with {@link HttpServerOptions#DEFAULTS}. */
  public HttpServer(HttpHandler handler) {
    this(handler, HttpServerOptions.DEFAULTS);
  }

  /** A server with options of your own. */
  public HttpServer(HttpHandler handler, HttpServerOptions options) {
    throw new UnsupportedOperationException();
  }

  /** As {@link #listen(String, int)} on all of the machine's addresses, IPv4 and IPv6. */
  public void listen(int port) {
    throw new UnsupportedOperationException();
  }

  /**
   * Accepts connections on an address of this machine; when it returns, clients can connect. May be called again for another
   * address. Suspends a coroutine; elsewhere it doesn't wait.
   *
   * @param host a name or an address; a name is looked up, which may hold the loop for long: give addresses
   * @param port 0 lets the system choose one that is free, see {@link #port()}
   * @throws AddressInUseException if another program has the port
   * @throws java.io.UncheckedIOException if listening fails for another reason
   * @throws IllegalArgumentException if the port is not 0 to 65535 or the host is unknown
   */
  public void listen(String host, int port) {
    throw new UnsupportedOperationException();
  }

  /**
   * The port of the first address.
   *
   * @throws IllegalStateException if the server doesn't listen
   */
  public int port() {
    throw new UnsupportedOperationException();
  }

  /** The open connections, WebSockets included. */
  public int connectionCount() {
    throw new UnsupportedOperationException();
  }

  /** Accepts no more connections and lets go of the addresses. Open connections go on. */
  public void stop() {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends gracefully: accepts no more, closes connections without a request at once, lets the requests that run finish (their
   * responses say {@code Connection: close}), says goodbye to WebSockets with 1001, and after {@code limit} drops what is left.
   * Suspends the calling coroutine until no connection is left.
   *
   * @throws IllegalStateException if called from a callback, which can't wait
   */
  public void drain(Duration limit) {
    throw new UnsupportedOperationException();
  }

  /** Ends at once: accepts no more and drops all connections. Twice is once. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
