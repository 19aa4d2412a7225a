package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.text;
import static whirlwind.net.StreamPairs.turns;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.loop.IOLoop;
import whirlwind.testing.OpenDescriptors;

/** How streams end, on this side and on the other, and who hears of it. */
interface CloseContract extends StreamPairs {
    @Test
    default void closingGivesTheKernelWhatItTakesAtOnce() {
        onPair((reader, writer) -> {
            var written = writer.write("goodbye");
            writer.close();
            assertThat(text(await(reader.readUntilClose()))).isEqualTo("goodbye");
            await(written);
        });
    }

    @Test
    default void whatTheKernelDoesNotTakeFailsWhenTheStreamIsClosed() {
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
    default void aClosedStreamRefusesReadsAndWrites() {
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
    default void closingFailsTheReadThatWaits() {
        onPairWithoutLeaks((reader, writer) -> {
            var read = reader.readBytes(1);
            reader.close();
            assertThatThrownBy(() -> await(read))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageEndingWith("closed by this end while reading 1 bytes");
        });
    }

    @Test
    default void theCloseCallbackHearsOfAPeerThatClosesWhileNothingIsRead() {
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
    default void theCloseCallbackRunsOnceAndAfterWhatIsQueued() {
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
    default void theEndIsNotNoticedWhileBytesWaitToBeRead() {
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
    default void aWriterHearsThatItsReaderHasGone() {
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
    default void noDescriptorIsLeftOfStreamsThatWereClosed() {
        onLoop(
                loopOptions(),
                () -> {
                    open(StreamOptions.DEFAULTS).close(); // opens what is opened once
                    turns(20);
                    int before = OpenDescriptors.count();
                    for (int i = 0; i < 20; i++) {
                        try (var pair = open(StreamOptions.DEFAULTS)) {
                            pair.writer().write("x");
                            await(pair.reader().readBytes(1));
                        }
                    }
                    OpenDescriptors.awaitAtMost(before);
                });
    }
}
