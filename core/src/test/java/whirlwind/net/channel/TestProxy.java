package whirlwind.net.channel;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import whirlwind.net.connect.Proxy;

/**
 * A proxy on loopback: whatever name it is asked to connect to, it connects to the port on
 * loopback. Plain requests that it is handed it answers itself.
 */
public final class TestProxy implements AutoCloseable {
    private static final String AUTHORIZATION = "Proxy-Authorization: ";
    private static final String LENGTH = "Content-Length: ";
    private static final Map<String, String> CHALLENGE =
            Map.of(
                    "realm", "proxies",
                    "nonce", "n0nce",
                    "qop", "auth",
                    "algorithm", "SHA-256");

    private final Proxy.Type type;
    private final DigestAuth.User digest;
    private final Peer peer;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private TestProxy(Proxy.Type type, DigestAuth.User digest) throws IOException {
        this.type = type;
        this.digest = digest;
        this.peer =
                Peer.of(
                        switch (type) {
                            case HTTP -> this::http;
                            case SOCKS4 -> this::socks4;
                            case SOCKS5 -> this::socks5;
                        });
    }

    /** One that lets everybody in; a SOCKS 5 proxy wants to be told a user and a password. */
    public static TestProxy of(Proxy.Type type) throws IOException {
        return new TestProxy(type, null);
    }

    /** An HTTP proxy that insists on digest authentication. */
    public static TestProxy digest(String user, String password) throws IOException {
        return new TestProxy(Proxy.Type.HTTP, new DigestAuth.User(user, password));
    }

    /** It, as clients know it. */
    public Proxy proxy() {
        return Proxy.of(type, "127.0.0.1", peer.port());
    }

    /** What it was asked for, and by whom: request lines; users, and hosts with ports. */
    public List<String> asked() {
        return asked;
    }

    private void http(Socket client) throws IOException {
        while (true) {
            var head = readHead(client);
            var lines = head.split("\r\n");
            asked.add(lines[0]);
            skipBody(client, lines);
            if (digest != null && !knows(lines)) {
                answer(
                        client,
                        "407 Proxy Authentication Required",
                        "Proxy-Authenticate: Digest realm=\"proxies\", nonce=\"n0nce\","
                                + " qop=\"auth\", algorithm=SHA-256\r\n");
            } else if (lines[0].startsWith("CONNECT ")) {
                client.getOutputStream()
                        .write("HTTP/1.1 200 Fine\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                relay(client, Integer.parseInt(lines[0].split("[ :]")[2]));
                return;
            } else {
                answer(client, "200 OK", "");
            }
        }
    }

    private static String readHead(Socket client) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = client.getInputStream().read();
            if (b < 0) {
                throw new IOException("the client has gone");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static void skipBody(Socket client, String[] lines) throws IOException {
        for (var line : lines) {
            if (line.startsWith(LENGTH)) {
                int length = Integer.parseInt(line.substring(LENGTH.length()));
                client.getInputStream().readNBytes(length);
            }
        }
    }

    private boolean knows(String[] lines) {
        var requestLine = lines[0].split(" ");
        for (var line : lines) {
            if (line.regionMatches(true, 0, AUTHORIZATION, 0, AUTHORIZATION.length())) {
                var given = DigestAuth.challenges(line.substring(AUTHORIZATION.length()));
                var cnonce = given.getFirst().getOrDefault("cnonce", "");
                var expected =
                        DigestAuth.answer(
                                CHALLENGE, digest, requestLine[0], requestLine[1], cnonce);
                return DigestAuth.challenges(expected)
                        .getFirst()
                        .get("response")
                        .equals(given.getFirst().get("response"));
            }
        }
        return false;
    }

    private static void answer(Socket client, String status, String field) throws IOException {
        var text = "HTTP/1.1 " + status + "\r\n" + field + "Content-Length: 5\r\n\r\nproxy";
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void socks5(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        in.readByte();
        in.readFully(new byte[in.readByte()]);
        client.getOutputStream().write(new byte[] {5, 2});
        in.readByte();
        asked.add(text(in) + ":" + text(in));
        client.getOutputStream().write(new byte[] {1, 0});
        in.readInt(); // version, connect, reserved, by name
        var host = text(in);
        int port = in.readUnsignedShort();
        asked.add(host + ":" + port);
        client.getOutputStream().write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        relay(client, port);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private void socks4(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        in.readShort(); // version, connect
        int port = in.readUnsignedShort();
        in.readInt(); // no address
        asked.add(terminated(in));
        asked.add(terminated(in) + ":" + port);
        client.getOutputStream().write(new byte[] {0, 90, 0, 0, 0, 0, 0, 0});
        relay(client, port);
    }

    private static String terminated(DataInputStream in) throws IOException {
        var text = new StringBuilder();
        for (int c = in.read(); c != 0; c = in.read()) {
            text.append((char) c);
        }
        return text.toString();
    }

    private static void relay(Socket client, int port) throws IOException {
        try (var target = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            var back = Thread.ofPlatform().daemon().start(() -> pump(target, client));
            pump(client, target);
            back.interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
