package whirlwind.web;

import java.io.Serial;

/**
 * A required argument is missing from a request; answered with 400. Tornado: {@code
 * web.MissingArgumentError}.
 */
public final class MissingArgumentException extends HttpError {
    @Serial private static final long serialVersionUID = 1;

    private final String argument;

    /** The argument of that name is missing. */
    public MissingArgumentException(String argument) {
        super(400, "missing argument " + argument);
        this.argument = argument;
    }

    /** The name of the argument. */
    public String argument() {
        return argument;
    }
}
