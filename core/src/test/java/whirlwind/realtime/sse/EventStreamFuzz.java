package whirlwind.realtime.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whatever a server sends: pieces of any size are read alike. */
public final class EventStreamFuzz {
    private EventStreamFuzz() {}

    /** Reads a stream at once and byte by byte. */
    public static void read(byte[] stream) {
        assertThat(events(stream, Math.max(1, stream.length))).isEqualTo(events(stream, 1));
    }

    private static List<String> events(byte[] stream, int pieceSize) {
        var events = new ArrayList<String>();
        var parser =
                new EventParser(
                        "",
                        100,
                        new EventParser.Sink() {
                            @Override
                            public void event(SseEvent event) {
                                events.add(event.toString());
                            }

                            @Override
                            public void retry(Duration pause) {
                                events.add("retry " + pause);
                            }
                        });
        try {
            for (int at = 0; at < stream.length; at += pieceSize) {
                parser.read(java.util.Arrays.copyOfRange(stream, at, at + pieceSize));
            }
        } catch (EventSourceException tooLarge) {
            events.add("too large");
        }
        events.add("id " + parser.lastEventId());
        return events;
    }
}
