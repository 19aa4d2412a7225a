package whirlwind.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Random;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.testing.OpenDescriptors;

/** Two ends of one connection, of one kind of stream, and a loop for them. */
interface StreamPairs {
    Duration PATIENCE = Duration.ofSeconds(40);

    /** Two ends of one connection: what one writes, the other reads. */
    record Pair(ByteStream reader, ByteStream writer, AutoCloseable rest) implements AutoCloseable {
        Pair(ByteStream reader, ByteStream writer) {
            this(reader, writer, () -> {});
        }

        @Override
        public void close() throws Exception {
            reader.close();
            writer.close();
            rest.close();
        }
    }

    interface Body {
        void run(ByteStream reader, ByteStream writer) throws Exception;
    }

    /** Connects two streams; called in a coroutine of the loop. */
    Pair open(StreamOptions options) throws Exception;

    /** The loop that they are on. */
    default LoopOptions loopOptions() {
        return LoopOptions.DEFAULTS;
    }

    static void onLoop(CheckedRunnable body) {
        onLoop(LoopOptions.DEFAULTS, body);
    }

    static void onLoop(LoopOptions options, CheckedRunnable body) {
        try (var loop = new IOLoop(options)) {
            loop.runSync(
                    PATIENCE,
                    () -> {
                        body.run();
                        return 0;
                    });
        }
    }

    default void onPair(StreamOptions options, Body body) {
        onLoop(
                loopOptions(),
                () -> {
                    try (var pair = open(options)) {
                        body.run(pair.reader, pair.writer);
                    }
                });
    }

    default void onPair(Body body) {
        onPair(StreamOptions.DEFAULTS, body);
    }

    /** The same for what goes wrong: no descriptor is left of it. */
    default void onPairWithoutLeaks(StreamOptions options, Body body) {
        onLoop(
                loopOptions(),
                () ->
                        OpenDescriptors.noneIsLeftBy(() -> {
                            try (var pair = open(options)) {
                                body.run(pair.reader, pair.writer);
                            }
                        }));
    }

    default void onPairWithoutLeaks(Body body) {
        onPairWithoutLeaks(StreamOptions.DEFAULTS, body);
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    static byte[] randomBytes(int count, long seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static void turns(int count) {
        for (int i = 0; i < count; i++) {
            Async.moment();
        }
    }
}
