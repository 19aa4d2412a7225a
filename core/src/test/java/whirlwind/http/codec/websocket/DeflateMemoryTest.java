package whirlwind.http.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import whirlwind.testing.OneEngine;

@OneEngine
class DeflateMemoryTest {
    private static final MessageDeflate.Terms KEEPING =
            new MessageDeflate.Terms(6, 15, false, false);
    private static final MessageDeflate.Terms ALONE = new MessageDeflate.Terms(6, 15, true, true);
    private static final byte[] MESSAGE =
            "what is said again and again".getBytes(StandardCharsets.UTF_8);

    private final DeflateMemory memory = new DeflateMemory();

    /** Whether its next message will be a short reference to the last. */
    private static boolean remembers(MessageDeflate connection) {
        return connection.compress(MESSAGE, true).length < MESSAGE.length / 2;
    }

    @Test
    void ofTooManyCompressorsTheOneUsedLeastRecentlyForgets() {
        var connections = new ArrayList<MessageDeflate>();
        for (int i = 0; i < DeflateMemory.MAX_COMPRESSORS; i++) {
            connections.add(new MessageDeflate(KEEPING, memory));
            connections.getLast().compress(MESSAGE, true);
        }
        assertThat(remembers(connections.getFirst())).isTrue(); // and is the last now
        var onemore = new MessageDeflate(KEEPING, memory);
        onemore.compress(MESSAGE, true);
        assertThat(remembers(connections.getFirst())).isTrue();
        assertThat(remembers(connections.get(2))).isTrue();
        assertThat(remembers(connections.get(1))).isFalse();
        connections.forEach(MessageDeflate::close);
        onemore.close();
    }

    @Test
    void whoKeepsNothingTakesNobodysPlace() {
        var keeping = new MessageDeflate(KEEPING, memory);
        keeping.compress(MESSAGE, true);
        for (int i = 0; i < 2 * DeflateMemory.MAX_COMPRESSORS; i++) {
            var alone = new MessageDeflate(ALONE, memory);
            assertThat(remembers(alone)).isFalse();
            alone.close();
        }
        assertThat(remembers(keeping)).isTrue();
        keeping.close();
    }

    @Test
    void beyondSomeConnectionsClientsAreToldToKeepNothing() {
        var wanted = new WebSocketTerms.Deflate(6, false, false);
        var connections = new ArrayList<MessageDeflate>();
        for (int i = 0; i < DeflateMemory.MAX_DECOMPRESSORS; i++) {
            assertThat(memory.within(wanted)).isEqualTo(wanted);
            connections.add(new MessageDeflate(KEEPING, memory));
        }
        assertThat(memory.within(wanted)).isEqualTo(new WebSocketTerms.Deflate(6, false, true));
        connections.getFirst().close();
        assertThat(memory.within(wanted)).isEqualTo(wanted);
    }
}
