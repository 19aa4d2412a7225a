package whirlwind.benchmarks;

/** A benchmark can't run as asked: a wrong option, or a program or a build that is missing. */
public final class MisuseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MisuseException(String message) {
        super(message);
    }
}
