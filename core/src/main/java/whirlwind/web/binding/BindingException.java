package whirlwind.web.binding;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Input that does not become what it should. */
public final class BindingException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final boolean malformed;
    private final transient SequencedMap<String, String> problems;

    private BindingException(
            boolean malformed, Map<String, String> problems, @Nullable Throwable cause) {
        super("unfit input", cause, false, false);
        this.malformed = malformed;
        this.problems = new LinkedHashMap<>(problems);
    }

    static BindingException malformed(String reason, @Nullable Throwable cause) {
        return new BindingException(true, Map.of("", reason), cause);
    }

    static BindingException unfit(Map<String, String> problems) {
        return new BindingException(false, problems, null);
    }

    /** Whether it could not be read at all, for it is not JSON. */
    public boolean isMalformed() {
        return malformed;
    }

    /**
     * Reasons by field, in the order they were found: {@code items[2].price} {@code is missing}.
     * The empty field is the input as a whole.
     */
    public SequencedMap<String, String> problems() {
        return problems;
    }
}
