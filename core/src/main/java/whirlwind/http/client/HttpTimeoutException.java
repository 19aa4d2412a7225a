package whirlwind.http.client;

import java.io.Serial;

/**
 * A request took longer than it was allowed to. Tornado: {@code HTTPTimeoutError}, whose messages
 * these begin with.
 */
public final class HttpTimeoutException extends HttpClientException {
    @Serial private static final long serialVersionUID = 1;

    /** How far a request has come. */
    public enum Stage {
        /** Others are under way, as many as {@link ClientOptions#maxClients()} allows. */
        QUEUE("in request queue"),
        /** A name is resolved, a connection made, TLS agreed upon. */
        CONNECT("while connecting"),
        /** The request is sent, or the response comes. */
        REQUEST("during request");

        private final String text;

        Stage(String text) {
            this.text = text;
        }
    }

    private final Stage stage;

    HttpTimeoutException(Stage stage, String where) {
        super("Timeout " + stage.text + " (" + where + ")", null);
        this.stage = stage;
    }

    /** Where the time ran out. */
    public Stage stage() {
        return stage;
    }
}
