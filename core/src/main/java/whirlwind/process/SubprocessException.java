package whirlwind.process;

import java.io.Serial;
import java.util.List;

/**
 * A program ended with another status than 0. The message has its command and the status. Tornado:
 * {@code CalledProcessError}.
 */
public final class SubprocessException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final int returnCode;

    SubprocessException(List<String> command, long pid, int returnCode) {
        super("%s (pid %d) %s".formatted(command, pid, Status.told(returnCode)));
        this.returnCode = returnCode;
    }

    /** The exit status; see {@link Subprocess#returnCode}. */
    public int returnCode() {
        return returnCode;
    }
}
