package whirlwind.curl;

import java.io.IOException;
import java.io.Serial;

/**
 * What libcurl said about a request that failed; most often the cause of an exception of the
 * client's. Tornado: {@code CurlError}.
 */
public final class CurlException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private final int code;

    CurlException(int code, String text) {
        super(text.isEmpty() ? Libcurl.describe(code) : text);
        this.code = code;
    }

    /** libcurl's number, for example 7 where no connection could be made. */
    public int code() {
        return code;
    }
}
