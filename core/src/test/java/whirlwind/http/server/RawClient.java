package whirlwind.http.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A client that sends what it is told, byte by byte, and reads what comes back. */
final class RawClient implements AutoCloseable {
    /** What came back for one request. */
    record Response(int status, String reason, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.get(name);
        }
    }

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    static RawClient connect(int port) {
        return connect(port, 0);
    }

    /** With a receive buffer of that many bytes, so that the server's writes soon find it full. */
    static RawClient connect(int port, int receiveBuffer) {
        try {
            var socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TestServer.PATIENCE_SECONDS));
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawClient send(String latin1) {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawClient get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    int read() throws IOException {
        return in.read();
    }

    byte[] read(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(
                    "connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException("connection ended in: " + line);
            }
            line.write(b);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    Response readResponse() throws IOException {
        return readResponse(true);
    }

    /**
     * @param body whether one may follow; not after a HEAD request
     */
    Response readResponse(boolean body) throws IOException {
        var head = readHead();
        var headers = head.headers();
        if (!body || head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return head;
        }
        byte[] bytes;
        if (headers.containsKey("Content-Length")) {
            bytes = read(Integer.parseInt(headers.get("Content-Length")));
        } else if (headers.containsKey("Transfer-Encoding")) {
            bytes = readChunks();
        } else {
            bytes = in.readAllBytes();
        }
        return new Response(
                head.status(),
                head.reason(),
                headers,
                new String(bytes, StandardCharsets.ISO_8859_1));
    }

    Response readHead() throws IOException {
        var start = readLine().split(" ", 3);
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (String line; !(line = readLine()).isEmpty(); ) {
            int colon = line.indexOf(": ");
            headers.merge(
                    line.substring(0, colon), line.substring(colon + 2), (a, b) -> a + "," + b);
        }
        return new Response(Integer.parseInt(start[1]), start[2], headers, "");
    }

    private byte[] readChunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size; (size = Integer.parseInt(readLine(), 16)) > 0; ) {
            body.write(read(size));
            readLine();
        }
        readLine();
        return body.toByteArray();
    }

    /** What comes until the server closes; a reset ends it as well. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the server closes without sending anything more. */
    boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Hangs up so that the other side gets a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
