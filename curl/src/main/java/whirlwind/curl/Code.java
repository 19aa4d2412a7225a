package whirlwind.curl;

/** Numbers of {@code CURLE_}, {@code CURLINFO_} and other names, from curl.h and multi.h. */
final class Code {
    static final int OK = 0;
    static final int UNSUPPORTED_PROTOCOL = 1;
    static final int COULDNT_RESOLVE_PROXY = 5;
    static final int COULDNT_RESOLVE_HOST = 6;
    static final int COULDNT_CONNECT = 7;
    static final int WEIRD_SERVER_REPLY = 8;
    static final int TOO_LARGE = 100;
    static final int HTTP2 = 16;
    static final int PARTIAL_FILE = 18;
    static final int OUT_OF_MEMORY = 27;
    static final int SSL_CONNECT_ERROR = 35;
    static final int INTERFACE_FAILED = 45;
    static final int UNKNOWN_OPTION = 48;
    static final int GOT_NOTHING = 52;
    static final int SEND_ERROR = 55;
    static final int RECV_ERROR = 56;
    static final int SSL_CERTPROBLEM = 58;
    static final int PEER_FAILED_VERIFICATION = 60;
    static final int BAD_CONTENT_ENCODING = 61;
    static final int HTTP2_STREAM = 92;
    static final int PROXY = 97;

    private static final int LONG = 0x200000;
    private static final int DOUBLE = 0x300000;

    static final int INFO_SSL_VERIFYRESULT = LONG + 13;
    static final int INFO_HTTP_CONNECTCODE = LONG + 22;
    static final int INFO_NUM_CONNECTS = LONG + 26;
    static final int INFO_TOTAL_TIME = DOUBLE + 3;
    static final int INFO_NAMELOOKUP_TIME = DOUBLE + 4;
    static final int INFO_CONNECT_TIME = DOUBLE + 5;
    static final int INFO_PRETRANSFER_TIME = DOUBLE + 6;
    static final int INFO_STARTTRANSFER_TIME = DOUBLE + 17;
    static final int INFO_REDIRECT_TIME = DOUBLE + 19;
    static final int INFO_APPCONNECT_TIME = DOUBLE + 33;

    /** What a socket callback asks to wait for. */
    static final int POLL_IN = 1;

    static final int POLL_OUT = 2;
    static final int POLL_REMOVE = 4;

    /** What a socket is ready for. */
    static final int SELECT_IN = 1;

    static final int SELECT_OUT = 2;
    static final int SELECT_ERR = 4;

    /** In place of a socket: a timer has fired. */
    static final int SOCKET_TIMEOUT = -1;

    /** Answers of the callbacks that write and read. */
    static final long WRITE_PAUSE = 0x10000001L;

    static final long READ_PAUSE = 0x10000001L;
    static final long READ_ABORT = 0x10000000L;

    /** Directions that {@code curl_easy_pause} stops. */
    static final int PAUSE_RECEIVING = 1;

    static final int PAUSE_SENDING = 4;

    /** A message: a transfer has ended. */
    static final int MESSAGE_DONE = 1;

    private Code() {}
}
