package whirlwind.http.client;

import java.io.Serial;
import whirlwind.net.connect.ConnectTimeoutException;

/**
 * A request took longer than it was allowed to. Tornado: {@code HTTPTimeoutError}, whose messages
 * these begin with.
 */
public final class HttpTimeoutException extends HttpClientException {
    @Serial private static final long serialVersionUID = 1;

    /** How far a request has come. */
    public enum Stage {
        /** Others are under way, as many as {@link ClientOptions#maxClients()} allows. */
        QUEUE("in request queue", "waiting for others to end"),
        /** The name of the server, or of its proxy, is resolved. */
        RESOLVE("while connecting", "resolving the name"),
        /** A connection is made. */
        CONNECT("while connecting", "waiting for a connection"),
        /** A proxy is asked to connect. */
        PROXY("while connecting", "waiting for the proxy to connect"),
        /** TLS is agreed upon. */
        TLS("while connecting", "in the TLS handshake"),
        /** The request is sent, and the head of the response waited for. */
        REQUEST("during request", "waiting for the response"),
        /** The response's body comes, and what may follow it. */
        BODY("during request", "reading the response's body");

        private final String text;
        private final String doing;

        Stage(String text, String doing) {
            this.text = text;
            this.doing = doing;
        }

        static Stage of(ConnectTimeoutException.Stage connecting) {
            return switch (connecting) {
                case RESOLVE -> RESOLVE;
                case CONNECT -> CONNECT;
                case PROXY -> PROXY;
                case TLS -> TLS;
            };
        }
    }

    private final Stage stage;

    HttpTimeoutException(Stage stage, String where) {
        super("Timeout %s (%s): %s".formatted(stage.text, where, stage.doing), null);
        this.stage = stage;
    }

    /** Where the time ran out. */
    public Stage stage() {
        return stage;
    }
}
