package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.turns;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.net.channel.Descriptor;
import whirlwind.testing.OpenDescriptors;

class PipeStreamTest implements StreamContract {
    @Override
    public Pair open(StreamOptions options) throws Exception {
        var pipe = Descriptor.pipe();
        return new Pair(
                new PipeStream(pipe.readEnd(), options), new PipeStream(pipe.writeEnd(), options));
    }

    @Test
    void anEndDoesWhatItIsOpenFor() {
        onPair((reader, writer) -> {
            var read = writer.readBytes(1);
            assertThatThrownBy(() -> await(read))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("open for writing only");
            var written = reader.write("x");
            assertThatThrownBy(() -> await(written)).isInstanceOf(StreamClosedException.class);
            assertThat(reader.closed()).isTrue();
        });
    }

    @Test
    void aWriterThatIsIdleHearsThatItsReaderHasGone() {
        onPair((reader, writer) -> {
            var closed = new CompletableFuture<Boolean>();
            writer.setCloseCallback(() -> closed.complete(true));
            reader.close();
            assertThat(await(closed)).isTrue();
        });
    }

    @Test
    void aDescriptorMustBeOpen() {
        onLoop(() ->
                assertThatThrownBy(() -> new PipeStream(9_999))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("descriptor 9999 is not open"));
    }

    @Test
    void aTransportThatCannotWatchDescriptorsSaysSo() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTransport("nio"))) {
            loop.runSync(() ->
                    assertThatThrownBy(() -> new PipeStream(0))
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("use epoll or io_uring"));
        }
    }

    @Test
    void aPipeThatIsClosedLastOfAllIsClosed() throws Exception {
        OpenDescriptors.noneIsLeftBy(() -> {
            try (var loop = new IOLoop()) {
                loop.runSync(() -> {
                    var pipe = Descriptor.pipe();
                    new PipeStream(pipe.readEnd()).close();
                    new PipeStream(pipe.writeEnd()).close();
                    return null;
                });
            }
        });
    }

    @Test
    void aPipeThatACoroutineClosesAtTheLoopsEndIsClosed() throws Exception {
        OpenDescriptors.noneIsLeftBy(() -> {
            try (var loop = new IOLoop()) {
                loop.runSync(() -> {
                    var pipe = Descriptor.pipe();
                    Async.spawn(() -> {
                        try (var reader = new PipeStream(pipe.readEnd());
                                var _ = new PipeStream(pipe.writeEnd())) {
                            await(reader.readUntilClose());
                        }
                    });
                    turns(2);
                    return null;
                });
            }
        });
    }
}
