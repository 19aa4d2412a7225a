package whirlwind.http.codec;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;

/**
 * A request's head as HTTP/2 carries it, in the terms of HTTP/1: RFC 9113 section 8.3. Netty's
 * decoder has seen to the names, to the order, and that no pseudo-header is missing.
 *
 * @param startLine for a CONNECT that is to become another protocol (RFC 8441) that of the GET
 *     which it stands for
 * @param headers with {@code Host}, whichever way it came, and one {@code Cookie}
 * @param protocol what a CONNECT is to become; null for any other request
 */
record Http2Head(RequestStartLine startLine, Headers headers, @Nullable String protocol) {
    /**
     * Reads a head.
     *
     * @throws Http2Exception for the stream alone, if the head is malformed
     * @throws HttpInputException (501) for a CONNECT to another host
     */
    static Http2Head of(int streamId, Http2Headers fields) throws Http2Exception {
        var pseudo = new HashMap<String, String>();
        var headers = new Headers();
        try {
            for (Map.Entry<CharSequence, CharSequence> field : fields) {
                add(field.getKey().toString(), field.getValue().toString(), pseudo, headers);
            }
            setHost(pseudo.get(":authority"), headers);
            return of(pseudo, headers);
        } catch (Malformed | HeaderSyntaxException e) {
            throw malformed(streamId, e);
        }
    }

    /**
     * Reads what comes behind a body.
     *
     * @throws Http2Exception for the stream alone, if it is malformed
     */
    static Headers trailers(int streamId, Http2Headers fields) throws Http2Exception {
        var trailers = new Headers();
        try {
            for (Map.Entry<CharSequence, CharSequence> field : fields) {
                var name = field.getKey().toString();
                RequestReader.requirePermitted(name);
                trailers.add(name, field.getValue().toString());
            }
            return trailers;
        } catch (HttpInputException | HeaderSyntaxException e) {
            throw malformed(streamId, e);
        }
    }

    private static Http2Exception malformed(int streamId, RuntimeException why) {
        return Http2Exception.streamError(
                streamId,
                Http2Error.PROTOCOL_ERROR,
                why,
                "malformed request: %s",
                why.getMessage());
    }

    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private static void add(
            String name, String value, Map<String, String> pseudo, Headers headers) {
        if (name.startsWith(":")) {
            if (pseudo.put(name, value) != null) {
                throw new Malformed(name + " comes twice");
            }
        } else if (name.equals("cookie") && headers.contains(name)) {
            headers.set(name, headers.get(name) + "; " + value); // section 8.2.3
        } else {
            headers.add(name, value);
        }
    }

    /** Section 8.3.1: a server must not be told two different hosts. */
    private static void setHost(@Nullable String authority, Headers headers) {
        if (authority == null) {
            return;
        }
        var host = headers.get("Host");
        if (host == null) {
            headers.add("Host", authority);
        } else if (!host.equals(authority)) {
            throw new Malformed("Host is not what :authority says");
        }
    }

    private static Http2Head of(Map<String, String> pseudo, Headers headers) {
        var method = pseudo.getOrDefault(":method", "");
        var path = pseudo.get(":path");
        var protocol = pseudo.get(":protocol");
        boolean connect = method.equals("CONNECT");
        if (protocol != null && !connect) {
            throw new Malformed(":protocol in a request that isn't CONNECT");
        }
        if (connect && protocol == null) {
            if (path != null || pseudo.containsKey(":scheme")) {
                throw new Malformed("CONNECT with :path or :scheme"); // section 8.5
            }
            throw new HttpInputException(501, "CONNECT is not for this server");
        }
        if (path == null || !isTarget(path, method)) {
            throw new Malformed(":path is neither absolute nor * of OPTIONS");
        }
        try {
            var line = new RequestStartLine(connect ? "GET" : method, path, HttpVersion.HTTP_2);
            return new Http2Head(line, headers, protocol);
        } catch (IllegalArgumentException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isTarget(String path, String method) {
        return path.startsWith("/") || (path.equals("*") && method.equals("OPTIONS"));
    }
}
