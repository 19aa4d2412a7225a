package whirlwind.demos.chat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** What the room says to a visitor's page. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
sealed interface FromRoom {
    /** What everybody is told. Ids grow from event to event, also beyond a restart. */
    sealed interface Event extends FromRoom {
        long id();
    }

    /** Somebody said something, at so many milliseconds since 1970. */
    @JsonTypeName("said")
    record Said(long id, long time, String name, String text, String key) implements Event {}

    /** Somebody came in. */
    @JsonTypeName("joined")
    record Joined(long id, String name) implements Event {}

    /** Somebody went away. */
    @JsonTypeName("left")
    record Left(long id, String name) implements Event {}

    /**
     * Answers hello.
     *
     * @param id of the last event that this accounts for
     * @param name what the visitor is called, not always what was asked for
     * @param people everybody who is here, the visitor as well
     * @param messages what was said since the last message that the visitor has
     */
    @JsonTypeName("welcome")
    record Welcome(long id, String name, List<String> people, List<Said> messages)
            implements FromRoom {}

    /**
     * Answers a message that was not taken.
     *
     * @param retryMillis when it may be tried again; 0: never
     */
    @JsonTypeName("refused")
    record Refused(String key, String reason, long retryMillis) implements FromRoom {}
}
