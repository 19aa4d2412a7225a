package whirlwind.net.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server on loopback, over UDP and TCP. What the first part of a name says it does; names
 * under {@code empty.test} it doesn't know. It has IPv4 addresses only, 10.1.2.3 first.
 */
final class TestNameServer implements AutoCloseable {
    private static final int NO_ERROR = 0;
    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_NAME = 3;
    private static final int TRUNCATED = 0x0200;
    private static final int MANY = 100;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger askedOverTcp = new AtomicInteger();
    private final CompletableFuture<Boolean> goOn = new CompletableFuture<>();

    TestNameServer() throws IOException {
        DatagramSocket datagrams = null;
        ServerSocket listening = null;
        while (listening == null) { // until there is a port that is free for both
            datagrams = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            try {
                int port = datagrams.getLocalPort();
                listening = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                datagrams.close();
            }
        }
        udp = datagrams;
        tcp = listening;
        Thread.ofPlatform().daemon().name("name-server").start(this::serve);
        Thread.ofPlatform().daemon().name("name-server-tcp").start(this::serveTcp);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), udp.getLocalPort());
    }

    /** The names that it was asked for, one for each question. */
    List<String> asked() {
        return asked;
    }

    int askedOverTcp() {
        return askedOverTcp.get();
    }

    /** Answers what was to be late. */
    void goOn() {
        goOn.complete(true);
    }

    private void serve() {
        var buffer = new byte[1500];
        while (!udp.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                var question = Arrays.copyOf(buffer, packet.getLength());
                asked.add(name(question));
                answer(question, packet.getSocketAddress());
            } catch (IOException e) {
                udp.close();
            }
        }
    }

    private void answer(byte[] question, SocketAddress to) throws IOException {
        var name = name(question);
        switch (name.split("\\.")[0]) {
            case "dead" -> {}
            case "lost" -> {
                if (Collections.frequency(asked, name) > 1) { // the first is lost
                    send(reply(question, NO_ERROR, 1, 60), to);
                }
            }
            case "failing" -> send(reply(question, SERVER_FAILURE, 0, 60), to);
            case "garbage" -> send(new byte[] {question[0], question[1], 1, 2, 3}, to);
            case "unknown" -> send(reply(question, NO_SUCH_NAME, 0, 60), to);
            case "large", "large-and-lost" -> send(reply(question, TRUNCATED, 0, 60), to);
            case "brief" -> send(reply(question, NO_ERROR, 1, 1), to);
            case "late" -> {
                var reply = reply(question, NO_ERROR, 1, 60);
                var _ = goOn.thenRun(() -> send(reply, to));
            }
            default -> {
                boolean known = !name.endsWith(".empty.test");
                send(reply(question, known ? NO_ERROR : NO_SUCH_NAME, known ? 1 : 0, 60), to);
            }
        }
    }

    /** RFC 7766: each message has its length in front. */
    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (var client = tcp.accept()) {
                var in = new DataInputStream(client.getInputStream());
                var question = in.readNBytes(in.readUnsignedShort());
                askedOverTcp.incrementAndGet();
                if (name(question).startsWith("large-and-lost.")) {
                    continue; // hangs up
                }
                var reply = reply(question, NO_ERROR, MANY, 60);
                var out = new DataOutputStream(client.getOutputStream());
                out.writeShort(reply.length);
                out.write(reply);
                in.read(); // the client hangs up first
            } catch (IOException gone) {
                // the client, or the server itself
            }
        }
    }

    private void send(byte[] bytes, SocketAddress to) {
        try {
            udp.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(byte[] question) {
        var name = new StringBuilder();
        for (int at = 12; question[at] != 0; at += question[at] + 1) {
            name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
            name.append('.');
        }
        return name.substring(0, Math.max(0, name.length() - 1));
    }

    /** RFC 1035 section 4: the question again, and addresses for those who ask for IPv4. */
    private static byte[] reply(byte[] question, int flags, int addresses, int ttl)
            throws IOException {
        int end = 12;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        int answers = question[end + 2] == 1 ? addresses : 0;
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8180 | flags);
        out.writeShort(1);
        out.writeShort(answers);
        out.writeInt(0);
        out.write(question, 12, end + 5 - 12);
        for (int i = 0; i < answers; i++) {
            out.writeShort(0xC00C);
            out.writeShort(1);
            out.writeShort(1);
            out.writeInt(ttl);
            out.writeShort(4);
            out.write(new byte[] {10, 1, 2, (byte) (3 + i)});
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
