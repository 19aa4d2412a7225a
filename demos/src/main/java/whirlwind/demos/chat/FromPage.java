package whirlwind.demos.chat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Objects;

/** What a visitor's page says to the room. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
sealed interface FromPage {
    /**
     * Comes in, or back: the first thing that is said on a connection.
     *
     * @param session the visitor's secret; a second connection with it replaces the first
     * @param after the id of the last message that the page has, 0 for none
     */
    @JsonTypeName("hello")
    record Hello(String name, String session, long after) implements FromPage {
        public Hello {
            Objects.requireNonNull(name, "name");
            requireShort("session", session);
        }
    }

    /**
     * Says something.
     *
     * @param key the page's name for the message: said twice with the same key, it is taken once
     */
    @JsonTypeName("say")
    record Say(String key, String text) implements FromPage {
        public Say {
            requireShort("key", key);
            Objects.requireNonNull(text, "text");
        }
    }

    private static void requireShort(String name, String token) {
        if (token.isEmpty() || token.length() > 64) {
            throw new IllegalArgumentException(
                    name + ": " + token.length() + " characters (1 to 64)");
        }
    }
}
