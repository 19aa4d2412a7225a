package whirlwind.realtime;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.http.HttpServerRequest;

/**
 * A client asks to be let in.
 *
 * @param token what it brings to show who it is, as the application agreed with it; null if nothing
 * @param request the HTTP request by which it came: cookies, headers, address
 * @param transport {@code websocket}, {@code sse} or {@code longpoll}
 */
public record ConnectRequest(
        @Nullable JsonNode token, HttpServerRequest request, String transport) {}
