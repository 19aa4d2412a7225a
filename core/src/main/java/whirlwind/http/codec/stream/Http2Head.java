package whirlwind.http.codec.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;

/**
 * A request's head as HTTP/2 and HTTP/3 carry it, in the terms of HTTP/1: RFC 9113 section 8.3, RFC
 * 9114 section 4.3. Netty's decoders have seen to the order, and that no pseudo-header is missing.
 *
 * @param startLine for a CONNECT that is to become another protocol (RFC 8441) that of the GET
 *     which it stands for
 * @param headers with {@code Host}, whichever way it came, and one {@code Cookie}
 * @param protocol what a CONNECT is to become; null for any other request
 */
record Http2Head(RequestStartLine startLine, Headers headers, @Nullable String protocol) {
    private static final int FIELD_OVERHEAD = 32;

    /** About the connection, and so only malformed here; RFC 9114 section 4.2. */
    private static final Set<String> FOR_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /**
     * Reads a head.
     *
     * @param limit of the fields' sizes together, RFC 9114 section 4.2.2
     * @throws HttpInputException (431) for more than that, (501) for a CONNECT to another host
     */
    static Http2Head of(
            HttpVersion version,
            Iterable<? extends Map.Entry<CharSequence, CharSequence>> fields,
            int limit)
            throws MalformedRequestException {
        var pseudo = new HashMap<String, String>();
        var headers = new Headers();
        int size = 0;
        try {
            for (var field : fields) {
                var name = field.getKey().toString();
                var value = field.getValue().toString();
                size += name.length() + value.length() + FIELD_OVERHEAD;
                if (size > limit) {
                    throw new HttpInputException(
                            431, "the headers are longer than " + limit + " bytes");
                }
                if (version == HttpVersion.HTTP_3) {
                    checkField(name, value);
                }
                add(name, value, pseudo, headers);
            }
            setHost(pseudo.get(":authority"), headers);
            return of(version, pseudo, headers);
        } catch (Malformed | HeaderSyntaxException e) {
            throw new MalformedRequestException(String.valueOf(e.getMessage()));
        }
    }

    /** Reads what comes behind a body. */
    static Headers trailers(Iterable<? extends Map.Entry<CharSequence, CharSequence>> fields)
            throws MalformedRequestException {
        var trailers = new Headers();
        try {
            for (var field : fields) {
                var name = field.getKey().toString();
                if (!Headers.mayTrail(name)) {
                    throw new MalformedRequestException(
                            "trailer " + name + " belongs into the head");
                }
                trailers.add(name, field.getValue().toString());
            }
            return trailers;
        } catch (HeaderSyntaxException e) {
            throw new MalformedRequestException(String.valueOf(e.getMessage()));
        }
    }

    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** What Netty's decoder of HTTP/2 looks at, and that of HTTP/3 doesn't. */
    private static void checkField(String name, String value) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                throw new Malformed("a name is not in lower case");
            }
        }
        if (FOR_CONNECTIONS.contains(name) || (name.equals("te") && !value.equals("trailers"))) {
            throw new Malformed(name + " is for connections");
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

    private static Http2Head of(HttpVersion version, Map<String, String> pseudo, Headers headers) {
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
            var line = new RequestStartLine(connect ? "GET" : method, path, version);
            return new Http2Head(line, headers, protocol);
        } catch (IllegalArgumentException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isTarget(String path, String method) {
        return path.startsWith("/") || (path.equals("*") && method.equals("OPTIONS"));
    }
}
