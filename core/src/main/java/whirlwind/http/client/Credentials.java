package whirlwind.http.client;

import java.util.Objects;

/**
 * Who asks. Text is sent as UTF-8, RFC 7617.
 *
 * @param username without a colon for {@link Mode#BASIC}
 * @param password may be empty
 * @param mode how it is proved
 */
public record Credentials(String username, String password, Mode mode) {
    /** How the server is shown that the password is known. */
    public enum Mode {
        /** The password is sent with every request: for https. RFC 7617. */
        BASIC,
        /** A hash of it is sent when the server has asked for that, RFC 7616: MD5 or SHA-256. */
        DIGEST
    }

    /**
     * Checks the user's name.
     *
     * @throws IllegalArgumentException if it can't be told from the password
     */
    public Credentials {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(password, "password");
        if (mode == Mode.BASIC && username.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user name with a colon, in basic authentication");
        }
    }

    /** For basic authentication. */
    public static Credentials of(String username, String password) {
        return new Credentials(username, password, Mode.BASIC);
    }

    /** For digest authentication. */
    public static Credentials digest(String username, String password) {
        return new Credentials(username, password, Mode.DIGEST);
    }

    /** The user's name; never the password. */
    @Override
    public String toString() {
        return mode + " credentials of " + username;
    }
}
