package whirlwind.web;

/**
 * Logs requests when they are over, one call each; see {@link ApplicationSettings#withLogFunction}.
 * Runs on the loop, so it must not wait. Tornado: the setting {@code log_function}.
 */
@FunctionalInterface
public interface LogFunction {
    /**
     * One line in the logger {@code whirlwind.access}: {@code 200 GET /path (127.0.0.1) 1.25 ms 512
     * bytes}. Info below 400, warning below 500, else error.
     */
    LogFunction TEXT = new AccessLog.Text();

    /**
     * One JSON object in the same logger, with the same levels: {@code time}, {@code method},
     * {@code uri}, {@code host}, {@code remoteIp}, {@code status}, {@code bytes}, {@code ms}, and
     * if there are any {@code requestId}, {@code userAgent} and {@code referer}. For log
     * collectors, with a layout that adds nothing.
     */
    LogFunction JSON = new AccessLog.Json();

    /** Logs nothing, and costs nothing. */
    LogFunction NONE =
            new LogFunction() {
                @Override
                public void log(AccessRecord access) {}

                @Override
                public boolean isOn(int status) {
                    return false;
                }
            };

    /** A request is over. */
    void log(AccessRecord access);

    /**
     * Whether {@link #log} would do anything about a request that is answered with this status:
     * asked before each request with 500, and after it with what it was answered. Default: yes.
     */
    default boolean isOn(int status) {
        return true;
    }
}
