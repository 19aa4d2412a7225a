package whirlwind.realtime.engine;

import org.jspecify.annotations.Nullable;

/**
 * A user who is present in a topic.
 *
 * @param user who
 * @param info what others may know of the user, one JSON value; that of the connection that joined
 *     last. Null if there is nothing
 * @param connections how many connections of the user are there; 0 when the last has left
 */
public record Member(String user, @Nullable String info, int connections) {}
