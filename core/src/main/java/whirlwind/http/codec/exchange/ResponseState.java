package whirlwind.http.codec.exchange;

import whirlwind.http.HttpOutputException;

/**
 * How far the response of an exchange is. What may follow what is decided here and nowhere else.
 */
enum ResponseState {
    /** Nothing has been sent. */
    AWAITED,
    /** The head is out, and the body goes on. */
    BODY,
    /** All has been sent. */
    FINISHED,
    /** There is no response any more: the connection is a WebSocket, or was handed over. */
    SWITCHED,
    /** The client went away before the response was finished. */
    GONE;

    /** What can be done about a response. */
    enum Step {
        INFORM,
        RESPOND,
        START,
        WRITE,
        FINISH,
        UPGRADE
    }

    /**
     * The state after a step. To one who is gone anything may be said.
     *
     * @throws HttpOutputException if the step can't follow
     */
    ResponseState after(Step step) {
        return switch (this) {
            case AWAITED ->
                    switch (step) {
                        case INFORM -> AWAITED;
                        case RESPOND -> FINISHED;
                        case START -> BODY;
                        case UPGRADE -> SWITCHED;
                        case WRITE, FINISH -> throw refused("no response has been started");
                    };
            case BODY ->
                    switch (step) {
                        case WRITE -> BODY;
                        case FINISH -> FINISHED;
                        case INFORM, RESPOND, START, UPGRADE ->
                                throw refused("a response has been started already");
                    };
            case FINISHED -> throw refused("the response is finished");
            case SWITCHED -> throw refused("the connection has been taken over");
            case GONE -> GONE;
        };
    }

    private static HttpOutputException refused(String why) {
        return new HttpOutputException(why);
    }
}
