package whirlwind.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.testing.LogCapture;
import whirlwind.testing.OpenDescriptors;

/** What every stream keeps; run for each kind of them. */
abstract class StreamContract {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final StreamOptions SMALL =
            StreamOptions.DEFAULTS.withMaxBufferSize(10 << 10).withReadChunkSize(1 << 10);

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
    abstract Pair open(StreamOptions options) throws Exception;

    /** The loop that they are on. */
    LoopOptions loopOptions() {
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

    void onPair(StreamOptions options, Body body) {
        onLoop(
                loopOptions(),
                () -> {
                    try (var pair = open(options)) {
                        body.run(pair.reader, pair.writer);
                    }
                });
    }

    void onPair(Body body) {
        onPair(StreamOptions.DEFAULTS, body);
    }

    /** The same for what goes wrong: no descriptor is left of it. */
    void onPairWithoutLeaks(StreamOptions options, Body body) {
        onLoop(
                loopOptions(),
                () ->
                        OpenDescriptors.noneIsLeftBy(() -> {
                            try (var pair = open(options)) {
                                body.run(pair.reader, pair.writer);
                            }
                        }));
    }

    void onPairWithoutLeaks(Body body) {
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

    // ---- reading ----

    @Test
    void readBytesWaitsForExactlySoMany() {
        onPair((reader, writer) -> {
            var five = reader.readBytes(5);
            writer.write("abc");
            turns(20);
            assertThat(five).isNotDone();
            writer.write("defg");
            assertThat(text(await(five))).isEqualTo("abcde");
            assertThat(text(await(reader.readBytes(2)))).isEqualTo("fg");
        });
    }

    @Test
    void readAvailableGivesWhatIsThereButNoMoreThanAskedFor() {
        onPair((reader, writer) -> {
            await(writer.write("abcdef"));
            assertThat(text(await(reader.readAvailable(4)))).isEqualTo("abcd");
            assertThat(text(await(reader.readAvailable(4)))).isEqualTo("ef");
            var next = reader.readAvailable(4);
            turns(5);
            assertThat(next).isNotDone();
            writer.write("g");
            assertThat(text(await(next))).isEqualTo("g");
        });
    }

    @Test
    void readingNothingIsDoneAtOnce() {
        onPair((reader, writer) -> {
            assertThat(reader.readBytes(0)).isCompletedWithValueMatching(b -> b.length == 0);
            assertThat(reader.readAvailable(0)).isCompletedWithValueMatching(b -> b.length == 0);
            assertThat(reader.readInto(ByteBuffer.allocate(0))).isCompletedWithValue(0);
            assertThat(reader.readAvailableInto(ByteBuffer.allocate(0))).isCompletedWithValue(0);
            assertThatThrownBy(() -> reader.readBytes(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("count: -1 (at least 0)");
            assertThat(reader.reading()).isFalse();
        });
    }

    @Test
    void readIntoFillsTheCallersBufferAndLeavesTheRest() {
        onPair((reader, writer) -> {
            var target = ByteBuffer.allocate(6);
            var read = reader.readInto(target);
            assertThat(reader.reading()).isTrue();
            writer.write("abcd");
            turns(20);
            assertThat(read).isNotDone();
            writer.write("efgh");
            assertThat(await(read)).isEqualTo(6);
            assertThat(reader.reading()).isFalse();
            assertThat(text(target.array())).isEqualTo("abcdef");
            assertThat(await(reader.readAvailableInto(target.clear()))).isEqualTo(2);
            assertThat(target.position()).isEqualTo(2);
        });
    }

    @Test
    void readsOfDifferentKindsKeepTheBytesInOrder() {
        onPair((reader, writer) -> {
            var sent = randomBytes(1 << 20, 1);
            writer.write(sent);
            var got = ByteBuffer.allocate(sent.length);
            var piece = ByteBuffer.allocateDirect(7001);
            while (got.remaining() > 20_000) {
                got.put(await(reader.readBytes(4093)));
                await(reader.readInto(piece.clear()));
                got.put(piece.flip());
                got.put(await(reader.readAvailable(1013)));
                await(reader.readAvailableInto(piece.clear()));
                got.put(piece.flip());
            }
            got.put(await(reader.readBytes(got.remaining())));
            assertThat(got.array()).isEqualTo(sent);
        });
    }

    @Test
    void readUntilFindsADelimiterSplitAcrossWrites() {
        onPair((reader, writer) -> {
            var line = reader.readUntil("\r\n");
            await(writer.write("ab\r"));
            turns(20);
            assertThat(line).isNotDone();
            writer.write("\ncd\r\nef");
            assertThat(text(await(line))).isEqualTo("ab\r\n");
            assertThat(text(await(reader.readUntil("\r\n")))).isEqualTo("cd\r\n");
            assertThat(text(await(reader.readBytes(2)))).isEqualTo("ef");
        });
    }

    @Test
    void readUntilFindsTheEndOfALongLine() {
        onPair((reader, writer) -> {
            var line = "x".repeat(4 << 20) + "\n";
            writer.write(line);
            assertThat(await(reader.readUntil("\n"))).hasSize(line.length());
        });
    }

    @Test
    void readUntilRegexReadsToTheEndOfTheFirstMatch() {
        onPair((reader, writer) -> {
            var ending = Pattern.compile("\r?\n\r?\n");
            var head = reader.readUntilRegex(ending);
            await(writer.write("a: b\r\n"));
            turns(20);
            assertThat(head).isNotDone();
            writer.write("\r\nbody\n\nmore");
            assertThat(text(await(head))).isEqualTo("a: b\r\n\r\n");
            assertThat(text(await(reader.readUntilRegex(ending)))).isEqualTo("body\n\n");
        });
    }

    @Test
    void aBytesValueIsTheCharacterThatARegexSees() {
        onPair((reader, writer) -> {
            writer.write(new byte[] {1, (byte) 0xff, (byte) 0x80, 7});
            assertThat(await(reader.readUntilRegex(Pattern.compile("[\\x80-\\x8f]"))))
                    .containsExactly(1, 0xff, 0x80);
        });
    }

    @Test
    void aMatchThatEndsAtTheLimitIsInTime() {
        onPair((reader, writer) -> {
            writer.write("abcd\r\nabcd\r\n");
            assertThat(text(await(reader.readUntil("\r\n", 6)))).isEqualTo("abcd\r\n");
            assertThat(text(await(reader.readUntilRegex(Pattern.compile("\r\n"), 6))))
                    .isEqualTo("abcd\r\n");
        });
    }

    @Test
    void aMatchThatEndsBeyondTheLimitClosesTheStream() {
        for (var inline : new boolean[] {true, false}) {
            for (var written : new String[] {"abcd\r\n", "abcdefgh"}) {
                unsatisfiable(written, inline, reader -> reader.readUntil("\r\n", 5));
                unsatisfiable(
                        written,
                        inline,
                        reader -> reader.readUntilRegex(Pattern.compile("\r\n"), 5));
            }
        }
    }

    private void unsatisfiable(
            String written, boolean inline, Function<ByteStream, CompletableFuture<byte[]>> read) {
        onPairWithoutLeaks((reader, writer) -> {
            try (var log = LogCapture.of(ByteStream.class)) {
                if (inline) {
                    await(writer.write("?" + written));
                    assertThat(text(await(reader.readBytes(1)))).isEqualTo("?");
                } else {
                    IOLoop.current().addCallback(() -> writer.write(written));
                }
                var result = read.apply(reader);
                assertThatThrownBy(() -> await(result))
                        .isInstanceOf(UnsatisfiableReadException.class)
                        .isInstanceOf(StreamClosedException.class)
                        .hasMessageContaining("not within 5 bytes");
                assertThat(reader.closed()).isTrue();
                assertThat(reader.error()).isInstanceOf(UnsatisfiableReadException.class);
                assertThat(log.lines()).singleElement().asString().contains("not within 5 bytes");
            }
        });
    }

    @Test
    void readUntilCloseReadsEverything() {
        onPair((reader, writer) -> {
            var sent = randomBytes(300_000, 2);
            var all = reader.readUntilClose();
            await(writer.write(sent));
            writer.close();
            assertThat(await(all)).isEqualTo(sent);
            assertThat(reader.closed()).isTrue();
            assertThat(reader.error()).isNull();
            assertThatThrownBy(() -> reader.readBytes(1))
                    .isInstanceOf(StreamClosedException.class)
                    .hasCauseInstanceOf(EOFException.class)
                    .hasMessageEndingWith("closed by the other end while reading 1 bytes");
            assertThat(await(reader.readUntilClose())).isEmpty();
        });
    }

    @Test
    void readUntilCloseOfAClosedStreamGivesWhatIsLeft() {
        onPair((reader, writer) -> {
            await(writer.write("abcdef"));
            assertThat(text(await(reader.readBytes(2)))).isEqualTo("ab");
            turns(20);
            reader.close();
            assertThat(text(await(reader.readUntilClose()))).isEqualTo("cdef");
        });
    }

    @Test
    void oneReadAtATime() {
        onPair((reader, writer) -> {
            var first = reader.readBytes(1);
            assertThatThrownBy(() -> reader.readUntil("\n"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("reading 1 bytes already; one read at a time");
            writer.write("a");
            assertThat(text(await(first))).isEqualTo("a");
        });
    }

    @Test
    void aDelimiterThatCameTogetherWithTheEndIsFound() {
        onPairWithoutLeaks((reader, writer) -> {
            var first = reader.readUntil("\n");
            await(writer.write("one\ntwo\nrest"));
            writer.close();
            assertThat(text(await(first))).isEqualTo("one\n");
            turns(20);
            assertThat(text(await(reader.readUntil("\n")))).isEqualTo("two\n");
            var unsatisfied = reader.readUntil("\n");
            assertThatThrownBy(() -> await(unsatisfied))
                    .isExactlyInstanceOf(StreamClosedException.class)
                    .hasMessageEndingWith("closed by the other end while reading until \"\\n\"");
        });
    }

    @Test
    void whatCameBeforeTheEndCanBeReadInSmallPieces() {
        onPair(
                SMALL,
                (reader, writer) -> {
                    await(writer.write(new byte[5000]));
                    writer.close();
                    for (int i = 0; i < 50; i++) {
                        assertThat(await(reader.readBytes(100))).hasSize(100);
                    }
                    var more = new ArrayList<CompletableFuture<byte[]>>();
                    assertThatThrownBy(
                                    () -> {
                                        more.add(reader.readBytes(1));
                                        await(more.getFirst());
                                    })
                            .isInstanceOf(StreamClosedException.class);
                });
    }

    @Test
    void aCancelledReadLeavesTheStreamUsable() {
        onPair((reader, writer) -> {
            await(writer.write("ab"));
            assertThatThrownBy(() ->
                            await(Async.withTimeout(Duration.ofMillis(5), reader.readBytes(4))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(reader.reading()).isFalse();
            var waiting = Async.spawn(() -> await(reader.readUntil("\n")));
            turns(2);
            waiting.cancel();
            turns(2);
            assertThat(waiting).isCancelled();
            writer.write("cd");
            assertThat(text(await(reader.readBytes(4)))).isEqualTo("abcd");
        });
    }

    // ---- flow ----

    @Test
    void aSmallBufferReadsALargeInputInPieces() {
        onPair(
                SMALL,
                (reader, writer) -> {
                    writer.write(("x".repeat(1023) + "\n").repeat(100));
                    for (int i = 0; i < 50; i++) {
                        assertThat(await(reader.readBytes(1024))).hasSize(1024);
                        assertThat(await(reader.readUntil("\n"))).hasSize(1024);
                    }
                });
    }

    @Test
    void moreThanTheBufferHoldsFlowsThrough() {
        onPair(
                StreamOptions.DEFAULTS.withMaxBufferSize(5 << 20),
                (reader, writer) -> {
                    writer.write(new byte[10 << 20]);
                    long got = 0;
                    while (got < 10 << 20) {
                        got += await(reader.readAvailable(1 << 20)).length;
                    }
                    assertThat(got).isEqualTo(10 << 20);
                });
    }

    @Test
    void aReaderThatDoesNotReadStopsItsWriter() {
        onPair((reader, writer) -> {
            var written = writer.write(new byte[64 << 20]);
            turns(200);
            assertThat(written).isNotDone();
            assertThat(writer.writing()).isTrue();
            assertThat(await(reader.readBytes(64 << 20))).hasSize(64 << 20);
            await(written);
            assertThat(writer.writing()).isFalse();
        });
    }

    @Test
    void aReadThatCollectsMoreThanTheLimitClosesTheStream() {
        try (var log = LogCapture.of(ByteStream.class)) {
            onPairWithoutLeaks(
                    SMALL,
                    (reader, writer) -> {
                        writer.write(new byte[20 << 10]);
                        var read = reader.readUntil("\n");
                        assertThatThrownBy(() -> await(read))
                                .isInstanceOf(StreamBufferFullException.class)
                                .hasMessageContaining("(at most 10240)");
                        assertThat(reader.closed()).isTrue();
                        assertThat(reader.error()).isInstanceOf(StreamBufferFullException.class);
                    });
            assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("ERROR"));
        }
    }

    // ---- writing ----

    @Test
    void aFutureOfAWriteIsDoneWhenTheKernelHasIt() {
        onPair((reader, writer) -> {
            var written = writer.write("abc");
            assertThat(written).isNotDone();
            assertThat(writer.writing()).isTrue();
            await(written);
            assertThat(writer.writing()).isFalse();
            assertThat(text(await(reader.readBytes(3)))).isEqualTo("abc");
        });
    }

    @Test
    void anEmptyWriteIsDoneInItsTurn() {
        onPair((reader, writer) -> {
            assertThat(writer.write(new byte[0])).isCompleted();
            var before = writer.write(new byte[1 << 20]);
            var empty = writer.write("");
            assertThat(empty).isNotDone();
            await(reader.readBytes(1 << 20));
            await(before);
            await(empty);
        });
    }

    @Test
    void writesKeepTheirOrder() {
        onPair((reader, writer) -> {
            var expected = new StringBuilder();
            var writes = new ArrayList<CompletableFuture<@Nullable Void>>();
            for (int i = 0; i < 3000; i++) {
                var piece = i + "x".repeat(i % 97 == 0 ? 9000 : i % 7) + ";";
                expected.append(piece);
                writes.add(
                        i % 2 == 0
                                ? writer.write(piece)
                                : writer.write(ByteBuffer.wrap(piece.getBytes(UTF_8))));
            }
            var got = await(reader.readBytes(expected.length()));
            assertThat(text(got)).isEqualTo(expected.toString());
            await(writes);
        });
    }

    @Test
    void tenCoroutinesWriteToOneStream() {
        onPair((reader, writer) -> {
            var writers = new ArrayList<CompletableFuture<?>>();
            for (int i = 0; i < 10; i++) {
                writers.add(
                        Async.spawn(() -> {
                            for (int j = 0; j < 1000; j++) {
                                await(writer.write("x".repeat(50)));
                            }
                        }));
            }
            assertThat(await(reader.readBytes(500_000))).hasSize(500_000);
            for (var each : writers) {
                await(each);
            }
        });
    }

    @Test
    void whatIsWrittenIsWhatRemainsOfTheBuffer() {
        onPair((reader, writer) -> {
            var buffer = ByteBuffer.wrap("abcdef".getBytes(UTF_8), 2, 3);
            writer.write(buffer);
            assertThat(buffer.remaining()).isZero();
            assertThat(text(await(reader.readBytes(3)))).isEqualTo("cde");
        });
    }

    @Test
    void aWriteBeyondTheLimitIsRefusedAndTheStreamGoesOn() {
        onPair(
                StreamOptions.DEFAULTS.withMaxWriteBufferSize(1000),
                (reader, writer) -> {
                    var first = writer.write(new byte[600]);
                    assertThatThrownBy(() -> writer.write(new byte[401]))
                            .isInstanceOf(StreamBufferFullException.class)
                            .hasMessageContaining("401 bytes can't be written while 600 wait");
                    await(first);
                    await(writer.write(new byte[1000]));
                    assertThat(await(reader.readBytes(1600))).hasSize(1600);
                });
    }

    // ---- closing ----

    @Test
    void closingGivesTheKernelWhatItTakesAtOnce() {
        onPair((reader, writer) -> {
            var written = writer.write("goodbye");
            writer.close();
            assertThat(text(await(reader.readUntilClose()))).isEqualTo("goodbye");
            await(written);
        });
    }

    @Test
    void whatTheKernelDoesNotTakeFailsWhenTheStreamIsClosed() {
        onPairWithoutLeaks((reader, writer) -> {
            var written = writer.write(new byte[64 << 20]);
            turns(50);
            writer.close();
            assertThatThrownBy(() -> await(written))
                    .isInstanceOf(StreamClosedException.class)
                    .hasCauseInstanceOf(ClosedChannelException.class)
                    .hasMessageEndingWith("closed by this end while writing");
        });
    }

    @Test
    void aClosedStreamRefusesReadsAndWrites() {
        onPair((reader, writer) -> {
            reader.close();
            reader.close();
            writer.close();
            assertThat(reader.closed()).isTrue();
            assertThatThrownBy(() -> reader.readBytes(1))
                    .isInstanceOf(StreamClosedException.class)
                    .hasCauseInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> writer.write("x"))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageEndingWith("closed by this end while writing 1 bytes");
        });
    }

    @Test
    void closingFailsTheReadThatWaits() {
        onPairWithoutLeaks((reader, writer) -> {
            var read = reader.readBytes(1);
            reader.close();
            assertThatThrownBy(() -> await(read))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageEndingWith("closed by this end while reading 1 bytes");
        });
    }

    @Test
    void theCloseCallbackHearsOfAPeerThatClosesWhileNothingIsRead() {
        onPairWithoutLeaks((reader, writer) -> {
            var closed = new CompletableFuture<Boolean>();
            reader.setCloseCallback(() -> closed.complete(reader.closed()));
            turns(20);
            assertThat(closed).isNotDone();
            writer.close();
            assertThat(await(closed)).isTrue();
        });
    }

    @Test
    void theCloseCallbackRunsOnceAndAfterWhatIsQueued() {
        onPair((reader, writer) -> {
            var order = new ArrayList<String>();
            reader.setCloseCallback(() -> order.add("replaced"));
            reader.setCloseCallback(() -> order.add("closed"));
            var read = reader.readBytes(1);
            read.whenComplete((bytes, failure) -> order.add("read"));
            IOLoop.current().addCallback(() -> order.add("queued"));
            reader.close();
            turns(5);
            assertThat(order).containsExactly("read", "queued", "closed");
            reader.setCloseCallback(() -> order.add("late"));
            turns(5);
            assertThat(order).endsWith("closed", "late");
        });
    }

    @Test
    void theEndIsNotNoticedWhileBytesWaitToBeRead() {
        onPair((reader, writer) -> {
            var closed = new CompletableFuture<Boolean>();
            reader.setCloseCallback(() -> closed.complete(true));
            await(writer.write("ab"));
            writer.close();
            turns(50);
            assertThat(closed).isNotDone();
            assertThat(text(await(reader.readBytes(1)))).isEqualTo("a");
            turns(20);
            assertThat(closed).isNotDone();
            assertThat(text(await(reader.readBytes(1)))).isEqualTo("b");
            assertThat(await(closed)).isTrue();
        });
    }

    @Test
    void aWriterHearsThatItsReaderHasGone() {
        onPairWithoutLeaks((reader, writer) -> {
            reader.close();
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    await(writer.write(new byte[10_000]));
                                }
                            })
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageMatching("(pipe on descriptor|stream with) .+ while writing.*");
            assertThat(writer.closed()).isTrue();
        });
    }

    @Test
    void aStreamBelongsToItsLoop() {
        onPair((reader, writer) -> {
            var elsewhere = new CompletableFuture<byte[]>();
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            reader.readBytes(1);
                        } catch (IllegalStateException e) {
                            elsewhere.completeExceptionally(e);
                        }
                    });
            assertThatThrownBy(() -> await(elsewhere))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use IOLoop.addCallback");
        });
    }

    @Test
    void callbacksMayUseAStreamToo() {
        onPair((reader, writer) -> {
            var got = new CompletableFuture<byte[]>();
            IOLoop.current()
                    .addCallback(() -> {
                        writer.write("abc");
                        reader.readBytes(3).thenAccept(got::complete);
                    });
            assertThat(text(await(got))).isEqualTo("abc");
        });
    }

    @Test
    void tenThousandMessagesGoBackAndForthInOrder() {
        onPair((reader, writer) -> {
            var sender =
                    Async.spawn(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            await(writer.write(i + "\n"));
                        }
                    });
            for (int i = 0; i < 10_000; i++) {
                assertThat(text(await(reader.readUntil("\n")))).isEqualTo(i + "\n");
            }
            await(sender);
        });
    }

    @Test
    void noDescriptorIsLeftOfStreamsThatWereClosed() {
        onLoop(
                loopOptions(),
                () -> {
                    open(StreamOptions.DEFAULTS).close(); // opens what is opened once
                    turns(20);
                    int before = OpenDescriptors.count();
                    for (int i = 0; i < 50; i++) {
                        try (var pair = open(StreamOptions.DEFAULTS)) {
                            pair.writer().write("x");
                            await(pair.reader().readBytes(1));
                        }
                    }
                    OpenDescriptors.awaitAtMost(before);
                });
    }
}
