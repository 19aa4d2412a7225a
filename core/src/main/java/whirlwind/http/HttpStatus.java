package whirlwind.http;

/**
 * What is known of status codes, which are plain ints everywhere: their standard reasons (Tornado's
 * {@code responses}) and which of them have no body.
 */
public final class HttpStatus {
    /** The reason of a code that has none. */
    public static final String UNKNOWN = "Unknown";

    private HttpStatus() {}

    /** The reason phrase that IANA's registry gives {@code code}, or {@link #UNKNOWN}. */
    public static String reason(int code) {
        return switch (code / 100) {
            case 1 -> informational(code);
            case 2 -> successful(code);
            case 3 -> redirection(code);
            case 4 -> clientError(code);
            case 5 -> serverError(code);
            default -> UNKNOWN;
        };
    }

    /**
     * Whether a response with this code never has a body: 1xx, 204 and 304 (RFC 9110 section
     * 6.4.1).
     */
    public static boolean hasNoBody(int code) {
        return code < 200 || code == 204 || code == 304;
    }

    private static String informational(int code) {
        return switch (code) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 102 -> "Processing";
            case 103 -> "Early Hints";
            default -> UNKNOWN;
        };
    }

    private static String successful(int code) {
        return switch (code) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 203 -> "Non-Authoritative Information";
            case 204 -> "No Content";
            case 205 -> "Reset Content";
            case 206 -> "Partial Content";
            case 207 -> "Multi-Status";
            case 208 -> "Already Reported";
            case 226 -> "IM Used";
            default -> UNKNOWN;
        };
    }

    private static String redirection(int code) {
        return switch (code) {
            case 300 -> "Multiple Choices";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 305 -> "Use Proxy";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            default -> UNKNOWN;
        };
    }

    private static String clientError(int code) {
        return switch (code) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 402 -> "Payment Required";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 407 -> "Proxy Authentication Required";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 418 -> "I'm a Teapot";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 423 -> "Locked";
            case 424 -> "Failed Dependency";
            case 425 -> "Too Early";
            case 426 -> "Upgrade Required";
            case 428 -> "Precondition Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 451 -> "Unavailable For Legal Reasons";
            default -> UNKNOWN;
        };
    }

    private static String serverError(int code) {
        return switch (code) {
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 506 -> "Variant Also Negotiates";
            case 507 -> "Insufficient Storage";
            case 508 -> "Loop Detected";
            case 510 -> "Not Extended";
            case 511 -> "Network Authentication Required";
            default -> UNKNOWN;
        };
    }
}
