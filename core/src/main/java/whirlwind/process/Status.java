package whirlwind.process;

/** What the exit status of a process says. */
final class Status {
    /** A process killed by signal n is reported as 128 + n, as by shells. */
    private static final int SIGNALLED = 128;

    private static final int LAST_SIGNAL = 64;

    private Status() {}

    /** A predicate, for messages. */
    static String told(int status) {
        return status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL
                ? "exited with status %d (signal %d)".formatted(status, status - SIGNALLED)
                : "exited with status " + status;
    }
}
