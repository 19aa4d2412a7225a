package whirlwind.realtime;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of HTTP/1.1 on a plain socket that asks once, and reads an answer in chunks. */
public final class EventListener implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final List<String> head = new ArrayList<>();

    /** Asks, and reads nothing yet. */
    public EventListener(int port, String path, String... headers) throws IOException {
        socket.setReceiveBufferSize(4096); // so that a server soon has to wait
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = socket.getInputStream();
        var request = "GET " + path + " HTTP/1.1\r\nHost: test\r\n";
        for (var header : headers) {
            request += header + "\r\n";
        }
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The lines of the answer's head. */
    public List<String> head() throws IOException {
        if (head.isEmpty()) {
            for (String line; !(line = line()).isEmpty(); ) {
                head.add(line);
            }
        }
        return head;
    }

    /** The next chunk of the body; empty for the last one. */
    public String chunk() throws IOException {
        head();
        int size = Integer.parseInt(line(), 16);
        var bytes = in.readNBytes(size);
        line();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException("the server hung up after: " + line);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Hangs up. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
