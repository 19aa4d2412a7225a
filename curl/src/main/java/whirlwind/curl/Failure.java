package whirlwind.curl;

import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import whirlwind.http.HttpInputException;
import whirlwind.http.transport.HttpRoute;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.Proxy;
import whirlwind.net.connect.ProxyException;
import whirlwind.net.dns.ResolveException;
import whirlwind.net.tls.TlsException;

/** What libcurl's codes are called elsewhere in Whirlwind. */
final class Failure {
    /** Codes of OpenSSL's verification ({@code X509_V_ERR_}). */
    private static final int NOT_YET_VALID = 9;

    private static final int HAS_EXPIRED = 10;
    private static final int REVOKED = 23;

    /** What libcurl says as long as the chain isn't looked at, and it fails for another reason. */
    private static final int UNSPECIFIED = 1;

    private Failure() {}

    static Throwable of(HttpRoute route, Easy easy, int code, Engine engine) {
        var cause = new CurlException(code, easy.errorText());
        if (isTunnelled(route) && endsTunnel(code)) {
            long status = Libcurl.info(easy.handle, Code.INFO_HTTP_CONNECTCODE, engine.result());
            if (status < 200 || status >= 300) {
                return refusedByProxy(route, cause);
            }
        }
        return switch (code) {
            case Code.COULDNT_RESOLVE_HOST ->
                    new ResolveException(route.host(), message(cause), cause);
            case Code.COULDNT_RESOLVE_PROXY ->
                    new ResolveException(proxyHost(route), message(cause), cause);
            case Code.COULDNT_CONNECT, Code.INTERFACE_FAILED ->
                    new ConnectFailedException(
                            "can't connect to " + route.address() + ": " + message(cause), cause);
            case Code.PROXY -> refusedByProxy(route, cause);
            case Code.SSL_CONNECT_ERROR, Code.SSL_CERTPROBLEM ->
                    TlsException.of(route.address(), new SSLException(message(cause), cause));
            case Code.PEER_FAILED_VERIFICATION -> notVerified(route, easy, cause, engine);
            case Code.GOT_NOTHING, Code.PARTIAL_FILE -> ended(cause);
            case Code.UNSUPPORTED_PROTOCOL, Code.WEIRD_SERVER_REPLY, Code.BAD_CONTENT_ENCODING ->
                    new HttpInputException(400, message(cause), cause);
            case Code.OUT_OF_MEMORY, Code.TOO_LARGE -> // what it calls a line that is too long
                    new HttpInputException(431, "endless line in the head", cause);
            default -> isOffence(cause) ? malformed(cause) : cause;
        };
    }

    private static String message(CurlException cause) {
        return String.valueOf(cause.getMessage());
    }

    private static HttpInputException malformed(CurlException cause) {
        return new HttpInputException(400, message(cause), cause);
    }

    /** Malformed chunks and frames have no codes of their own. */
    private static boolean isOffence(CurlException cause) {
        var message = message(cause);
        return message.contains("chunk")
                || message.contains("nghttp2")
                || (cause.code() == Code.HTTP2_STREAM && message.contains("PROTOCOL_ERROR"));
    }

    private static IOException ended(CurlException cause) {
        var end = new EOFException(cause.getMessage());
        end.initCause(cause);
        return end;
    }

    private static String proxyHost(HttpRoute route) {
        return route.proxy() == null ? route.host() : route.proxy().host();
    }

    private static boolean isTunnelled(HttpRoute route) {
        var proxy = route.proxy();
        return proxy != null && proxy.type() == Proxy.Type.HTTP && !route.isForwarded();
    }

    /** What it says of a proxy that refuses, talks garbage or hangs up, but of servers as well. */
    private static boolean endsTunnel(int code) {
        return code == Code.RECV_ERROR
                || code == Code.GOT_NOTHING
                || code == Code.WEIRD_SERVER_REPLY;
    }

    private static ProxyException refusedByProxy(HttpRoute route, CurlException cause) {
        return new ProxyException(
                "%s doesn't connect to %s: %s"
                        .formatted(route.proxy(), route.address(), message(cause)),
                cause);
    }

    private static TlsException notVerified(
            HttpRoute route, Easy easy, CurlException cause, Engine engine) {
        int reason = (int) Libcurl.info(easy.handle, Code.INFO_SSL_VERIFYRESULT, engine.result());
        CertificateException why =
                switch (reason) {
                    case NOT_YET_VALID -> new CertificateNotYetValidException(message(cause));
                    case HAS_EXPIRED -> new CertificateExpiredException(message(cause));
                    case 0, UNSPECIFIED -> new CertificateException(message(cause)); // its name
                    case REVOKED ->
                            new CertificateException(
                                    new CertPathValidatorException(
                                            message(cause), cause, null, -1, BasicReason.REVOKED));
                    default -> new CertificateException(message(cause), cause);
                };
        return TlsException.of(route.address(), new IOException(message(cause), why));
    }
}
