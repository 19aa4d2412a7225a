package whirlwind.demos.visitor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.realtime.HubRefusal;
import whirlwind.realtime.HubUser;

/**
 * What others may know of a visitor.
 *
 * @param name what the visitor is called
 */
public record Visitor(String name) {
    /**
     * The hub's user for the token of a page: an object with the visitor's {@code name} and a
     * {@code session}, a secret that makes two connections the same visitor's. The user's id is
     * made of the secret but does not tell it.
     *
     * @throws HubRefusal if the token is something else
     */
    public static HubUser of(@Nullable JsonNode token) {
        var session = token == null ? "" : token.path("session").asString("");
        if (token == null || session.length() < 8 || session.length() > 64) {
            throw HubRefusal.unauthorized("session: " + session.length() + " characters (8 to 64)");
        }
        var name = Names.clean(token.path("name").asString(""));
        return new HubUser(hash(session).substring(0, 16), new Visitor(name));
    }

    /** What a user that {@link #of} has made is called. */
    public static String nameOf(HubUser user) {
        return user.info() instanceof Visitor(var name) ? name : user.id();
    }

    private static String hash(String secret) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }
}
