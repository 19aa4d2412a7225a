package whirlwind.realtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import whirlwind.check.DurationText;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.protocol.ClientFrame;

/** What the server has asked a client, until it answers. Confined to the loop. */
final class Questions {
    private final IOLoop loop;
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new HashMap<>(2);
    private long last;

    Questions(IOLoop loop) {
        this.loop = loop;
    }

    /** The id of a new question, which the client may take so long to answer. */
    long add(Duration timeout, CompletableFuture<JsonNode> answer) {
        var id = Long.valueOf(++last);
        waiting.put(id, answer);
        var timer =
                loop.callLater(
                        timeout,
                        () ->
                                answer.completeExceptionally(
                                        new AsyncTimeoutException(
                                                "the client did not answer within "
                                                        + DurationText.of(timeout))));
        answer.whenComplete((data, failure) -> {
            timer.cancel();
            waiting.remove(id);
        });
        return id;
    }

    /** An answer; one to a question that doesn't wait is ignored. */
    void answered(ClientFrame.Reply reply) {
        var answer = waiting.get(reply.id());
        if (answer != null) {
            answer.complete(reply.data());
        }
    }

    /** The client can't answer. */
    void answered(ClientFrame.Failure failure) {
        var answer = waiting.get(failure.id());
        if (answer != null) {
            answer.completeExceptionally(new HubRefusal(failure.code(), failure.message()));
        }
    }

    /** There will be no answers. */
    void fail(HubConnectionClosedException failure) {
        List.copyOf(waiting.values()).forEach(answer -> answer.completeExceptionally(failure));
    }
}
