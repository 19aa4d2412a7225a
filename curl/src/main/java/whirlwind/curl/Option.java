package whirlwind.curl;

/** Numbers of {@code CURLOPT_} and {@code CURLMOPT_} names, from curl.h and multi.h. */
final class Option {
    private static final int TEXT = 10_000;
    private static final int FUNCTION = 20_000;
    private static final int LARGE = 30_000;
    private static final int BLOB = 40_000;

    static final int WRITEDATA = TEXT + 1;
    static final int URL = TEXT + 2;
    static final int PROXY = TEXT + 4;
    static final int READDATA = TEXT + 9;
    static final int ERRORBUFFER = TEXT + 10;
    static final int WRITEFUNCTION = FUNCTION + 11;
    static final int READFUNCTION = FUNCTION + 12;
    static final int POSTFIELDS = TEXT + 15;
    static final int HTTPHEADER = TEXT + 23;
    static final int HEADERDATA = TEXT + 29;
    static final int CUSTOMREQUEST = TEXT + 36;
    static final int NOBODY = 44;
    static final int UPLOAD = 46;
    static final int PROXYPORT = 59;
    static final int INTERFACE = TEXT + 62;
    static final int SSL_VERIFYPEER = 64;
    static final int SSL_VERIFYHOST = 81;
    static final int FRESH_CONNECT = 74;
    static final int FORBID_REUSE = 75;
    static final int HEADERFUNCTION = FUNCTION + 79;
    static final int HTTP_VERSION = 84;
    static final int SSLVERSION = 32;
    static final int NOSIGNAL = 99;
    static final int PROXYTYPE = 101;
    static final int PROXYAUTH = 111;
    static final int ACCEPT_ENCODING = TEXT + 102;
    static final int IPRESOLVE = 113;
    static final int INFILESIZE_LARGE = LARGE + 115;
    static final int POSTFIELDSIZE_LARGE = LARGE + 120;
    static final int CONNECTTIMEOUT_MS = 156;
    static final int CRLFILE = TEXT + 169;
    static final int PROXYUSERNAME = TEXT + 175;
    static final int PROXYPASSWORD = TEXT + 176;
    static final int NOPROXY = TEXT + 177;
    static final int PROTOCOLS = 181;
    static final int RESOLVE = TEXT + 203;
    static final int PATH_AS_IS = 234;
    static final int PIPEWAIT = 237;
    static final int CONNECT_TO = TEXT + 243;
    static final int SUPPRESS_CONNECT_HEADERS = 265;
    static final int REQUEST_TARGET = TEXT + 266;
    static final int TLS13_CIPHERS = TEXT + 276;
    static final int MAXAGE_CONN = 288;
    static final int SSLCERT_BLOB = BLOB + 291;
    static final int SSLKEY_BLOB = BLOB + 292;
    static final int CAINFO_BLOB = BLOB + 309;
    static final int PREREQFUNCTION = FUNCTION + 312;
    static final int PREREQDATA = TEXT + 313;

    static final int MULTI_SOCKETFUNCTION = FUNCTION + 1;
    static final int MULTI_TIMERFUNCTION = FUNCTION + 4;
    static final int MULTI_MAX_HOST_CONNECTIONS = 7;

    private Option() {}
}
