package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.randomBytes;
import static whirlwind.net.StreamPairs.text;
import static whirlwind.net.StreamPairs.turns;

import java.io.EOFException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.testing.LogCapture;

/** How streams are read: whole, in pieces, up to a delimiter, and no further than is asked for. */
interface ReadContract extends StreamPairs {
    StreamOptions SMALL =
            StreamOptions.DEFAULTS.withMaxBufferSize(10 << 10).withReadChunkSize(1 << 10);

    @Test
    default void readBytesWaitsForExactlySoMany() {
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
    default void readAvailableGivesWhatIsThereButNoMoreThanAskedFor() {
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
    default void readingNothingIsDoneAtOnce() {
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
    default void readIntoFillsTheCallersBufferAndLeavesTheRest() {
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
    default void readsOfDifferentKindsKeepTheBytesInOrder() {
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
    default void readUntilFindsADelimiterSplitAcrossWrites() {
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
    default void readUntilFindsTheEndOfALongLine() {
        onPair((reader, writer) -> {
            var line = "x".repeat(4 << 20) + "\n";
            writer.write(line);
            assertThat(await(reader.readUntil("\n"))).hasSize(line.length());
        });
    }

    @Test
    default void readUntilRegexReadsToTheEndOfTheFirstMatch() {
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
    default void aBytesValueIsTheCharacterThatARegexSees() {
        onPair((reader, writer) -> {
            writer.write(new byte[] {1, (byte) 0xff, (byte) 0x80, 7});
            assertThat(await(reader.readUntilRegex(Pattern.compile("[\\x80-\\x8f]"))))
                    .containsExactly(1, 0xff, 0x80);
        });
    }

    @Test
    default void aMatchThatEndsAtTheLimitIsInTime() {
        onPair((reader, writer) -> {
            writer.write("abcd\r\nabcd\r\n");
            assertThat(text(await(reader.readUntil("\r\n", 6)))).isEqualTo("abcd\r\n");
            assertThat(text(await(reader.readUntilRegex(Pattern.compile("\r\n"), 6))))
                    .isEqualTo("abcd\r\n");
        });
    }

    @Test
    default void aMatchThatEndsBeyondTheLimitClosesTheStream() {
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
    default void readUntilCloseReadsEverything() {
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
    default void readUntilCloseOfAClosedStreamGivesWhatIsLeft() {
        onPair((reader, writer) -> {
            await(writer.write("abcdef"));
            assertThat(text(await(reader.readBytes(2)))).isEqualTo("ab");
            turns(20);
            reader.close();
            assertThat(text(await(reader.readUntilClose()))).isEqualTo("cdef");
        });
    }

    @Test
    default void oneReadAtATime() {
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
    default void aDelimiterThatCameTogetherWithTheEndIsFound() {
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
    default void whatCameBeforeTheEndCanBeReadInSmallPieces() {
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
    default void aCancelledReadLeavesTheStreamUsable() {
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

    @Test
    default void aSmallBufferReadsALargeInputInPieces() {
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
    default void moreThanTheBufferHoldsFlowsThrough() {
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
    default void aReaderThatDoesNotReadStopsItsWriter() {
        onPair((reader, writer) -> {
            int size = 16 << 20; // more than sockets hold
            var written = writer.write(new byte[size]);
            turns(200);
            assertThat(written).isNotDone();
            assertThat(writer.writing()).isTrue();
            assertThat(await(reader.readBytes(size))).hasSize(size);
            await(written);
            assertThat(writer.writing()).isFalse();
        });
    }

    @Test
    default void aReadThatCollectsMoreThanTheLimitClosesTheStream() {
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

    @Test
    default void aMatchThatTakesMoreStackThanThereIsClosesTheStream() {
        try (var log = LogCapture.of(ByteStream.class)) {
            onPairWithoutLeaks((reader, writer) -> {
                writer.write("a".repeat(1 << 20));
                var read = reader.readUntilRegex(Pattern.compile("(a|b)*c"));
                assertThatThrownBy(() -> await(read))
                        .isInstanceOf(UnsatisfiableReadException.class)
                        .hasMessageContaining("\"(a|b)*c\"")
                        .hasMessageContaining("stack");
                assertThat(reader.closed()).isTrue();
            });
            assertThat(log.lines()).isNotEmpty();
        }
    }

    @Test
    default void aBufferThatCannotBeFilledFailsTheRead() {
        onPairWithoutLeaks((reader, writer) -> {
            var readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
            assertThatThrownBy(() -> reader.readInto(readOnly))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("read-only");
            assertThat(reader.reading()).isFalse();
            CompletableFuture<Integer> read;
            try (var memory = Arena.ofShared()) {
                read = reader.readInto(memory.allocate(4).asByteBuffer());
            }
            writer.write("data");
            assertThatThrownBy(() -> await(read)).hasMessageContaining("closed");
            assertThat(reader.closed()).isTrue();
        });
    }
}
