package whirlwind.benchmarks.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Subscribers to one room, over WebSocket, one of which publishes; or clients that do nothing but
 * answer pings. It obeys lines on standard input, each of which it answers with a number:
 *
 * <ul>
 *   <li>{@code room N}: N join {@code /room}, whose members get what one of them says
 *   <li>{@code hub N}: N subscribe to a topic of a hub
 *   <li>{@code echo N}: N connect to {@code /echo} and are quiet
 *   <li>{@code alive 0}: how many are connected
 *   <li>{@code publish N}: one of them says N things, each when all have got the one before; how
 *       many have arrived
 *   <li>{@code steady R S}: one says R things a second for S seconds, whatever has arrived; how
 *       many have arrived
 *   <li>{@code forget 0}: what has arrived so far doesn't count for the next
 *   <li>{@code latency P}: how long things took to arrive, in microseconds: in P per mille of all
 *       cases at most so long
 * </ul>
 */
public final class Subscribers {
    private static final String HUB = "/whirlwind/ws";
    private static final int SOURCES = 250;
    private static final int AT_ONCE = 128;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    /** Before the time, 16 hexadecimal digits, at which a thing was to be said. */
    private static final byte MARK = '@';

    private static final String PADDING = "m".repeat(47);

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final InetSocketAddress server;
    private final List<Channel> members = new ArrayList<>();
    private String path = "";
    private boolean hub;
    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicInteger arrived = new AtomicInteger();
    private long[] latencies = new long[1 << 20];
    private int measured;

    private Subscribers(int port) {
        server = new InetSocketAddress("127.0.0.1", port);
    }

    /** The argument is the port. */
    public static void main(String[] args) throws IOException {
        var subscribers = new Subscribers(Integer.parseInt(args[0]));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = input.readLine()) != null; ) {
            System.out.println(subscribers.obey(line.split(" ")));
        }
        System.exit(0);
    }

    private int obey(String[] words) {
        int number = Integer.parseInt(words[1]);
        return switch (words[0]) {
            case "room" -> join(number, "/room");
            case "hub" -> join(number, HUB);
            case "echo" -> join(number, "/echo");
            case "alive" -> (int) members.stream().filter(Channel::isActive).count();
            case "publish" -> publish(number);
            case "steady" -> steady(number, Integer.parseInt(words[2]));
            case "forget" -> measured = 0;
            case "latency" -> percentile(number);
            default -> throw new IllegalArgumentException("command: '" + words[0] + "'");
        };
    }

    private int join(int count, String path) {
        this.path = path;
        this.hub = path.equals(HUB);
        var bootstrap =
                new Bootstrap()
                        .group(group)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_LINGER, 0)
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new Frames());
                                    }
                                });
        for (int i = 0; i < count; i++) {
            var source = new InetSocketAddress("127.0.0." + (2 + i % SOURCES), 0);
            members.add(bootstrap.connect(server, source).syncUninterruptibly().channel());
            int least = members.size() - AT_ONCE;
            awaitThat(() -> joined.get() >= least);
        }
        awaitThat(() -> joined.get() == members.size());
        return joined.get();
    }

    private int publish(int times) {
        arrived.set(0);
        for (int n = 1; n <= times; n++) {
            say(System.nanoTime());
            int expected = n * members.size();
            awaitThat(() -> arrived.get() >= expected);
        }
        return arrived.get();
    }

    private int steady(int rate, int seconds) {
        arrived.set(0);
        long next = System.nanoTime();
        for (int n = 0; n < rate * seconds; n++) {
            for (long wait; (wait = next - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(wait);
            }
            say(next);
            next += TimeUnit.SECONDS.toNanos(1) / rate;
        }
        int expected = rate * seconds * members.size();
        awaitThat(() -> arrived.get() >= expected);
        return arrived.get();
    }

    private void say(long time) {
        var thing = "%c%016x%s".formatted((char) MARK, time, PADDING);
        var text =
                hub
                        ? "{\"type\":\"publish\",\"id\":9,\"topic\":\"room\",\"data\":\"%s\"}"
                                .formatted(thing)
                        : thing;
        members.getFirst().writeAndFlush(frame(text));
    }

    private static void awaitThat(Condition condition) {
        long limit = System.nanoTime() + PATIENCE;
        while (!condition.holds()) {
            if (System.nanoTime() > limit) {
                return; // the number that is answered tells
            }
            LockSupport.parkNanos(50_000);
        }
    }

    private int percentile(int perMille) {
        var sorted = Arrays.copyOf(latencies, measured);
        Arrays.sort(sorted);
        long at =
                sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * perMille / 1000)];
        return (int) TimeUnit.NANOSECONDS.toMicros(at);
    }

    private void arrived(long time) {
        if (measured == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * measured);
        }
        latencies[measured++] = System.nanoTime() - time;
        arrived.incrementAndGet();
    }

    /** A short text frame, masked with zeros. */
    private static ByteBuf frame(String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        var frame = Unpooled.buffer().writeByte(0x81);
        if (bytes.length < 126) {
            frame.writeByte(0x80 | bytes.length);
        } else {
            frame.writeByte(0x80 | 126).writeShort(bytes.length);
        }
        return frame.writeInt(0).writeBytes(bytes);
    }

    private String request() {
        return ("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "%sSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .formatted(path, hub ? "Sec-WebSocket-Protocol: whirlwind.v1\r\n" : "");
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    /** One connection: the handshake, and then what arrives. All are on one thread. */
    private final class Frames extends ByteToMessageDecoder {
        private boolean upgraded;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.copiedBuffer(request(), StandardCharsets.US_ASCII));
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (!upgraded) {
                upgrade(context, in);
            } else if (in.readableBytes() >= 2) {
                int at = in.readerIndex();
                int length = in.getUnsignedByte(at + 1);
                int head = 2;
                if (length == 126) {
                    if (in.readableBytes() < 4) {
                        return;
                    }
                    length = in.getUnsignedShort(at + 2);
                    head = 4;
                }
                if (in.readableBytes() >= head + length) {
                    boolean isText = in.getByte(at) == (byte) 0x81;
                    in.skipBytes(head);
                    if (isText) {
                        text(in, in.readerIndex(), length);
                    } else {
                        context.writeAndFlush(
                                Unpooled.buffer().writeByte(0x8A).writeByte(0x80).writeInt(0));
                    }
                    in.skipBytes(length);
                }
            }
        }

        private void upgrade(ChannelHandlerContext context, ByteBuf in) {
            var text = in.toString(StandardCharsets.US_ASCII);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            if (!text.startsWith("HTTP/1.1 101 ")) {
                throw new IllegalStateException(text);
            }
            in.skipBytes(end + 4);
            upgraded = true;
            if (hub) {
                context.write(frame("{\"type\":\"connect\",\"id\":1,\"version\":1}"));
                context.writeAndFlush(
                        frame("{\"type\":\"subscribe\",\"id\":2,\"topic\":\"room\"}"));
            } else {
                joined.incrementAndGet();
            }
        }

        private void text(ByteBuf in, int at, int length) {
            int mark = in.indexOf(at, at + length, MARK);
            if (mark >= 0) {
                arrived(hexadecimal(in, mark + 1));
            } else if (hub
                    && in.toString(at, length, StandardCharsets.US_ASCII)
                            .contains("\"subscribed\"")) {
                joined.incrementAndGet();
            }
        }

        private static long hexadecimal(ByteBuf in, int at) {
            long value = 0;
            for (int i = 0; i < 16; i++) {
                value = value << 4 | Character.digit(in.getByte(at + i), 16);
            }
            return value;
        }
    }
}
