package whirlwind.http.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import whirlwind.http.WebSocketMessage;

class FramesTest {
    @Test
    void theExamplesOfTheRfcAreRead() {
        // RFC 6455 section 5.7: a masked text message and a masked pong, both "Hello"
        var text = new byte[] {-127, -123, 0x37, -6, 0x21, 0x3d, 0x7f, -97, 0x4d, 0x51, 0x58};
        var frame = Frames.read(Unpooled.wrappedBuffer(text), 100, false);
        assertThat(frame.opcode()).isEqualTo(Frames.TEXT);
        assertThat(frame.fin()).isTrue();
        assertThat(frame.payload()).asString().isEqualTo("Hello");
    }

    @Test
    void nothingIsTakenOffUntilTheFrameIsWhole() {
        var bytes = new byte[] {-127, -123, 0x37, -6, 0x21, 0x3d, 0x7f, -97, 0x4d, 0x51, 0x58};
        for (int length = 0; length < bytes.length; length++) {
            var part = Unpooled.wrappedBuffer(bytes, 0, length);
            assertThat(Frames.read(part, 100, false)).isNull();
            assertThat(part.readableBytes()).isEqualTo(length);
        }
    }

    @Test
    void eightBytesAtATimeUnmaskLikeOne() {
        var random = new Random(1);
        for (int length = 0; length < 70; length++) {
            var payload = new byte[length];
            random.nextBytes(payload);
            int mask = random.nextInt();
            var expected = payload.clone();
            for (int i = 0; i < length; i++) {
                expected[i] ^= (byte) (mask >> (24 - 8 * (i % 4)));
            }
            Frames.unmask(payload, mask);
            assertThat(payload).isEqualTo(expected);
        }
    }

    @Test
    void lengthsHaveTheirShortestForm() {
        assertThat(Frames.header(0x82, 125)).containsExactly(0x82, 125);
        assertThat(Frames.header(0x82, 126)).containsExactly(0x82, 126, 0, 126);
        assertThat(Frames.header(0x82, 65_535)).containsExactly(0x82, 126, 0xFF, 0xFF);
        assertThat(Frames.header(0x82, 65_536)).containsExactly(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0);
    }

    @Test
    void controlMessagesAreEncoded() {
        assertThat(Frames.encode(new WebSocketMessage.Close(1000, "ok")))
                .containsExactly(0x88, 4, 3, 0xE8, 'o', 'k');
        assertThat(Frames.encode(new WebSocketMessage.Close(1005, ""))).containsExactly(0x88, 0);
        assertThat(Frames.encode(new WebSocketMessage.Ping(new byte[] {1})))
                .containsExactly(0x89, 1, 1);
    }
}
