package whirlwind.http.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import whirlwind.http.WebSocketMessage;
import whirlwind.testing.OneEngine;

@OneEngine
class FramesTest {
    @Test
    void theExamplesOfTheRfcAreRead() {
        // RFC 6455 section 5.7: a masked text message and a masked pong, both "Hello"
        var text = new byte[] {-127, -123, 0x37, -6, 0x21, 0x3d, 0x7f, -97, 0x4d, 0x51, 0x58};
        var in = Unpooled.wrappedBuffer(text);
        var frame = Frames.readHeader(in, true, false);
        assertThat(frame.opcode()).isEqualTo(Frames.TEXT);
        assertThat(frame.fin()).isTrue();
        assertThat(Frames.readPayload(in, frame)).asString().isEqualTo("Hello");
    }

    @Test
    void nothingIsTakenOffUntilTheHeaderIsWhole() {
        var bytes = new byte[] {-127, -2, 1, 0, 0x37, -6, 0x21, 0x3d};
        for (int length = 0; length < bytes.length; length++) {
            var part = Unpooled.wrappedBuffer(bytes, 0, length);
            assertThat(Frames.readHeader(part, true, false)).isNull();
            assertThat(part.readableBytes()).isEqualTo(length);
        }
        assertThat(Frames.readHeader(Unpooled.wrappedBuffer(bytes), true, false).length())
                .isEqualTo(256);
    }

    @Test
    void nothingIsTakenOffUntilAControlFrameIsWhole() {
        var bytes = new byte[] {-119, -123, 0x37, -6, 0x21, 0x3d, 0x7f, -97, 0x4d, 0x51, 0x58};
        for (int length = 0; length < bytes.length; length++) {
            var part = Unpooled.wrappedBuffer(bytes, 0, length);
            assertThat(Frames.readHeader(part, true, false)).isNull();
            assertThat(part.readableBytes()).isEqualTo(length);
        }
    }

    @Test
    void whatAClientMasksAServerReads() {
        var payload = "masked".getBytes(StandardCharsets.UTF_8);
        for (int mask : new int[] {0, 1, -1, 0x00FF00FF, 0x80808080}) { // zeros and high bits
            var in = Unpooled.wrappedBuffer(Frames.maskedFrame(0x81, payload, mask));
            var frame = Frames.readHeader(in, true, false);
            assertThat(Frames.readPayload(in, frame)).isEqualTo(payload);
        }
    }

    @Test
    void eightBytesAtATimeUnmaskLikeOneWhereverTheyAreCut() {
        var random = new Random(1);
        for (int length = 0; length < 70; length++) {
            var payload = new byte[length];
            random.nextBytes(payload);
            int mask = random.nextInt();
            var expected = payload.clone();
            for (int i = 0; i < length; i++) {
                expected[i] ^= (byte) (mask >> (24 - 8 * (i % 4)));
            }
            int cut = random.nextInt(length + 1);
            int turned = Frames.unmask(payload, 0, cut, mask);
            Frames.unmask(payload, cut, length - cut, turned);
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
