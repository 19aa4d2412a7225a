package whirlwind.web.auth;

import java.io.Serial;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.web.HttpError;

/**
 * A sign-in, or a request to a provider, came to nothing. Not caught, it answers the client with
 * the status of its {@link #kind} and nothing else, and is a warning in the log. The message is for
 * that: it never has a secret in it, nor a word that the provider said. Tornado: {@code AuthError}.
 */
public final class AuthException extends HttpError {
    @Serial private static final long serialVersionUID = 1;

    /** Who is to blame. */
    public enum Kind {
        /** The user didn't want to, or the provider won't let him: 403. */
        DENIED(403),
        /**
         * What the browser brings back doesn't belong to a sign-in that was begun in it; or that
         * was too long ago, or has been used: 400. Beginning again helps.
         */
        INVALID(400),
        /** The provider answered with an error, or with what is no answer: 502. */
        PROVIDER(502),
        /** The provider can't be reached, or didn't answer in time: 504. */
        UNREACHABLE(504);

        private final int status;

        Kind(int status) {
            this.status = status;
        }
    }

    /** OpenID Connect Core section 3.1.2.6; all of them mean that the user has to do something. */
    private static final Set<String> DENIALS =
            Set.of(
                    "access_denied",
                    "login_required",
                    "interaction_required",
                    "consent_required",
                    "account_selection_required");

    /** RFC 6749 sections 4.1.2.1 and 5.2. */
    private static final Set<String> OTHERS =
            Set.of(
                    "invalid_request",
                    "invalid_client",
                    "unauthorized_client",
                    "unsupported_response_type",
                    "unsupported_grant_type",
                    "invalid_scope",
                    "server_error",
                    "temporarily_unavailable");

    private static final String SPENT = "invalid_grant";

    private final Kind kind;
    private final @Nullable String code;

    AuthException(Kind kind, String logMessage) {
        this(kind, logMessage, null, null);
    }

    AuthException(Kind kind, String logMessage, Throwable cause) {
        this(kind, logMessage, null, cause);
    }

    private AuthException(
            Kind kind, String logMessage, @Nullable String code, @Nullable Throwable cause) {
        super(kind.status, logMessage);
        this.kind = kind;
        this.code = code;
        if (cause != null) {
            initCause(cause);
        }
    }

    /** An error by its code, which anybody may have written. */
    static AuthException of(String where, String code) {
        if (DENIALS.contains(code)) {
            return new AuthException(Kind.DENIED, where + ": " + code, code, null);
        }
        if (code.equals(SPENT)) {
            return new AuthException(Kind.INVALID, where + ": " + code, code, null);
        }
        if (OTHERS.contains(code)) {
            return new AuthException(Kind.PROVIDER, where + ": " + code, code, null);
        }
        return new AuthException(Kind.PROVIDER, where + ": an error that OAuth 2.0 doesn't know");
    }

    /** Who is to blame. */
    public Kind kind() {
        return kind;
    }

    /**
     * The provider's error code, such as {@code access_denied}; null if there is none, or none that
     * RFC 6749 or OpenID Connect define.
     */
    public @Nullable String code() {
        return code;
    }
}
