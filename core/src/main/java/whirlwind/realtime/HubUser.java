package whirlwind.realtime;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection.
 *
 * @param id names the user; all connections with the same id are the same user's. 1 to 255
 *     characters
 * @param info what others may know of the user, as something that {@link whirlwind.escape.Json}
 *     encodes: others see it with presence. Null for nothing
 */
public record HubUser(String id, @Nullable Object info) {
    /** Somebody: each connection gets a user of its own, with an id made up by the hub. */
    public static final HubUser ANONYMOUS = new HubUser("anonymous", null);

    private static final int MAX_ID_LENGTH = 255;

    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException if its length is not 1 to 255
     */
    public HubUser {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "user id: " + id.length() + " characters (expected 1 to 255)");
        }
    }

    /** A user of whom others see nothing but the id. */
    public HubUser(String id) {
        this(id, null);
    }
}
