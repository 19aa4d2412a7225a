package whirlwind.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.text;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/** How streams are written: in order, from any coroutine or callback of their loop, to a limit. */
interface WriteContract extends StreamPairs {
    @Test
    default void aFutureOfAWriteIsDoneWhenTheKernelHasIt() {
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
    default void anEmptyWriteIsDoneInItsTurn() {
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
    default void writesKeepTheirOrder() {
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
    default void tenCoroutinesWriteToOneStream() {
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
    default void whatIsWrittenIsWhatRemainsOfTheBuffer() {
        onPair((reader, writer) -> {
            var buffer = ByteBuffer.wrap("abcdef".getBytes(UTF_8), 2, 3);
            writer.write(buffer);
            assertThat(buffer.remaining()).isZero();
            assertThat(text(await(reader.readBytes(3)))).isEqualTo("cde");
        });
    }

    @Test
    default void aWriteBeyondTheLimitIsRefusedAndTheStreamGoesOn() {
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

    @Test
    default void aStreamBelongsToItsLoop() {
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
    default void callbacksMayUseAStreamToo() {
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
    default void tenThousandMessagesGoBackAndForthInOrder() {
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
}
