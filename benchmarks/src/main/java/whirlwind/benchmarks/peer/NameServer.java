package whirlwind.benchmarks.peer;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;

/**
 * A name server that knows every name: 10.1.2.3 for IPv4, for an hour, and nothing for IPv6. Its
 * first argument is the port of loopback that it answers on, over UDP; over TCP it only accepts, so
 * that one sees that it is there. The second, if there is one, is an address on whose port 53 it
 * answers as well, where it may.
 */
public final class NameServer {
    private static final int SYSTEM_PORT = 53;
    private static final int HEADER = 12;
    private static final int TYPE_AND_CLASS = 4;
    private static final int ANSWER = 16;
    private static final int IPV4 = 1;

    private NameServer() {}

    /** Answers until it is killed. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        var loopback = InetAddress.getByName("127.0.0.1");
        if (args.length > 1) {
            Thread.ofPlatform().daemon().start(() -> serveSystem(args[1]));
        }
        try (var socket = new DatagramSocket(port, loopback);
                var accepting = new ServerSocket(port, 1, loopback)) {
            serve(socket);
        }
    }

    private static void serveSystem(String address) {
        try (var socket = new DatagramSocket(SYSTEM_PORT, InetAddress.getByName(address))) {
            serve(socket);
        } catch (IOException e) {
            System.err.println("no answers on " + address + ": " + e.getMessage());
        }
    }

    private static void serve(DatagramSocket socket) throws IOException {
        socket.setReceiveBufferSize(4 << 20);
        var packet = new DatagramPacket(new byte[1500], 1500);
        while (!socket.isClosed()) {
            packet.setLength(1500);
            socket.receive(packet);
            packet.setLength(answer(ByteBuffer.wrap(packet.getData()), packet.getLength()));
            socket.send(packet);
        }
    }

    /** RFC 1035 section 4: makes the answer out of the question, and gives its length. */
    private static int answer(ByteBuffer message, int length) {
        int end = HEADER;
        while (end < length && message.get(end) != 0) {
            end += message.get(end) + 1;
        }
        end++;
        boolean known = message.getShort(end) == IPV4;
        message.putShort(2, (short) 0x8180); // an answer, without error
        message.putShort(6, (short) (known ? 1 : 0));
        message.putInt(8, 0); // nothing else: the question's EDNS goes
        int size = end + TYPE_AND_CLASS;
        if (!known) {
            return size;
        }
        message.position(size);
        message.putShort((short) 0xC00C).putInt(0x0001_0001).putInt(3600);
        message.putShort((short) 4).putInt(0x0A01_0203);
        return size + ANSWER;
    }
}
