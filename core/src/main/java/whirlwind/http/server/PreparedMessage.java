package whirlwind.http.server;

import whirlwind.http.WebSocketMessage;

/**
 * A message for many WebSockets, encoded once: {@link WebSocketConnection#send(PreparedMessage)}. Connections without compression
 * that are written to in the same turn of a loop share one buffer. Immutable; any thread may make one and hand it on.
 */
public final class PreparedMessage {
  private final WebSocketMessage message;

  /** Encodes {@code message}. */
  public PreparedMessage(WebSocketMessage message) {
    this.message = message;
  }

  /** What was encoded. */
  public WebSocketMessage message() {
    return message;
  }
}
