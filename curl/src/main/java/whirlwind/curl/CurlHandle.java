package whirlwind.curl;

import java.util.List;

/**
 * An easy handle of libcurl that is made ready for a request. Options are the numbers that {@code
 * curl.h} gives the names {@code CURLOPT_}; what is set here wins over what the request says. The
 * callbacks, and the data that is theirs, belong to the transport.
 */
public final class CurlHandle {
    private static final int FUNCTIONS = 20_000;
    private static final int FUNCTIONS_END = 30_000;

    private final long easy;
    private final Setup setup;
    private boolean usable = true;

    CurlHandle(long easy, Setup setup) {
        this.easy = easy;
        this.setup = setup;
    }

    /**
     * Sets an option that is a number.
     *
     * @throws IllegalArgumentException if libcurl refuses it, or it is a callback
     */
    public void set(int option, long value) {
        check(option);
        Libcurl.set(easy, option, value);
    }

    /**
     * Sets an option that is a text, which is sent to libcurl in UTF-8.
     *
     * @throws IllegalArgumentException if libcurl refuses it, or it is a callback
     */
    public void set(int option, String value) {
        check(option);
        Libcurl.set(easy, option, value);
    }

    /**
     * Sets an option that is a list of texts (a {@code curl_slist}).
     *
     * @throws IllegalArgumentException if libcurl refuses it, or it is a callback
     */
    public void set(int option, List<String> values) {
        check(option);
        Libcurl.set(easy, option, setup.list(values));
    }

    private void check(int option) {
        if (!usable) {
            throw new IllegalStateException("the handle was for use in prepare() only");
        }
        if (option >= FUNCTIONS && option < FUNCTIONS_END) {
            throw new IllegalArgumentException(
                    "option " + option + " is a callback, and those are the transport's");
        }
    }

    void finish() {
        usable = false;
    }
}
