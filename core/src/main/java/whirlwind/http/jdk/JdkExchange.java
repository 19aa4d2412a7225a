package whirlwind.http.jdk;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HostAndPort;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.server.HttpExchange;
import whirlwind.loop.IOLoop;

/** One of our exchanges as the JDK's handlers see them. Confined to the handler's thread. */
final class JdkExchange extends com.sun.net.httpserver.HttpExchange {
    private static final int BUFFER_BYTES = 16 << 10;

    private final HttpExchange exchange;
    private final HttpContext context;
    private final LoopCalls loop;
    private final URI uri;
    private final Headers requestHeaders;
    private final Headers responseHeaders = new Headers();
    private final Map<String, Object> attributes = new HashMap<>();
    private InputStream requestBody;
    private @Nullable OutputStream responseBody;
    private int status = -1;

    JdkExchange(IOLoop loop, HttpExchange exchange, HttpContext context) {
        this.exchange = exchange;
        this.context = context;
        this.loop = new LoopCalls(loop);
        this.uri = uri(exchange.request());
        var sent = new Headers();
        exchange.request().headers().forEach(sent::add);
        this.requestHeaders = Headers.of(sent);
        this.requestBody = new RequestStream(this.loop, exchange);
    }

    private static URI uri(HttpServerRequest request) {
        try {
            var target = request.uri();
            // A path, which as a URI would be a host.
            return new URI(target.startsWith("//") ? "/." + target : target);
        } catch (URISyntaxException e) {
            throw new HttpInputException(400, "the target is no URI: " + e.getMessage(), e);
        }
    }

    /** The handler has returned. */
    void end() throws IOException {
        if (status < 0) {
            throw new IllegalStateException("the handler has returned without sending headers");
        }
        if (responseBody != null) {
            responseBody.close();
        }
    }

    @Override
    public Headers getRequestHeaders() {
        return requestHeaders;
    }

    @Override
    public Headers getResponseHeaders() {
        return responseHeaders;
    }

    @Override
    public URI getRequestURI() {
        return uri;
    }

    @Override
    public String getRequestMethod() {
        return exchange.request().method();
    }

    @Override
    public HttpContext getHttpContext() {
        return context;
    }

    /** Ends the response if it was started, else drops the connection, as the JDK's does. */
    @Override
    public void close() {
        try {
            requestBody.close();
            if (responseBody != null) {
                responseBody.close();
            } else if (status < 0) {
                loop.run(exchange::abort);
                status = 0;
            }
        } catch (IOException e) {
            // Nobody is there to be told; as the interface wants it.
        }
    }

    @Override
    public InputStream getRequestBody() {
        return requestBody;
    }

    @Override
    public OutputStream getResponseBody() {
        if (responseBody == null) {
            throw new IllegalStateException("the headers come first: call sendResponseHeaders");
        }
        return responseBody;
    }

    @Override
    public void sendResponseHeaders(int code, long given) throws IOException {
        if (status >= 0) {
            throw new IOException("the headers have been sent");
        }
        long length = HttpStatus.hasNoBody(code) ? -1 : given; // as the JDK's takes it
        var head = head(code, length);
        loop.run(() -> exchange.start(code, null, head));
        status = code;
        var body =
                new ResponseStream(
                        loop, exchange, length == 0 ? ResponseStream.UNKNOWN : Math.max(0, length));
        responseBody = new BufferedOutputStream(body, BUFFER_BYTES);
        if (length < 0) {
            body.close();
        }
    }

    /** The length is the argument's to say, and how the body is framed is the server's. */
    private whirlwind.http.Headers head(int code, long length) {
        var head = new whirlwind.http.Headers();
        boolean isHead = getRequestMethod().equals("HEAD");
        responseHeaders.forEach((name, values) -> {
            boolean framing =
                    name.equalsIgnoreCase("Transfer-Encoding")
                            || (name.equalsIgnoreCase("Content-Length") && !isHead);
            if (!framing) {
                values.forEach(value -> head.add(name, value));
            }
        });
        if (length > 0 || (length < 0 && !isHead && !HttpStatus.hasNoBody(code))) {
            head.set("Content-Length", Long.toString(Math.max(0, length)));
        }
        return head;
    }

    /** Without the port, which nobody knows behind a proxy: 0. */
    @Override
    public InetSocketAddress getRemoteAddress() {
        var ip = exchange.request().remoteIp();
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(ip), 0);
        } catch (IllegalArgumentException e) {
            return InetSocketAddress.createUnresolved(ip, 0);
        }
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    /** What the client called us; port 0 if it named none that there can be. */
    @Override
    public InetSocketAddress getLocalAddress() {
        var request = exchange.request();
        try {
            int port = HostAndPort.parse(request.host()).port().orElse(0);
            return InetSocketAddress.createUnresolved(request.hostName(), port);
        } catch (IllegalArgumentException e) {
            return InetSocketAddress.createUnresolved(request.hostName(), 0);
        }
    }

    @Override
    public String getProtocol() {
        return exchange.request().version().toString();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
        if (in != null) {
            requestBody = in;
        }
        if (out != null) {
            responseBody = out;
        }
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return null;
    }
}
