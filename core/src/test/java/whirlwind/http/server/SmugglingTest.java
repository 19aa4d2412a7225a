package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.testing.LogCapture;
import whirlwind.testing.OneEngine;

/**
 * Whatever a client sends through a real proxy, the proxy and this server agree about where each
 * request ends: what the server saw is what the client was answered, and the next client that is
 * served over the same connection gets its own answer.
 */
@OneEngine
@Timeout(300) // for the proxies' own timeouts: some variants are half a request
class SmugglingTest {
    /** In the head, which HTTP/0.9 hasn't, or in the body, which HEAD hasn't. */
    private static final Pattern SEEN = Pattern.compile("(?:x-seen: |#)(\\d+)", CASE_INSENSITIVE);

    /** Who takes longer to say what they have to say may have lost the proxy's patience. */
    private static final Duration PATIENCE = FrontProxy.CLIENT_PATIENCE.dividedBy(2);

    /** What the server was asked, by its number in the order. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private interface Front {
        FrontProxy start(Path folder, int port) throws Exception;
    }

    @Test
    void nothingIsSmuggledThroughHaproxy(@TempDir Path folder) throws Exception {
        check(FrontProxy::haproxy, folder);
    }

    @Test
    void nothingIsSmuggledThroughALenientHaproxy(@TempDir Path folder) throws Exception {
        check(FrontProxy::lenientHaproxy, folder);
    }

    @Test
    void nothingIsSmuggledThroughNginx(@TempDir Path folder) throws Exception {
        check(FrontProxy::nginx, folder);
    }

    private static Stream<ProtocolTable.Row> variants() {
        return Stream.of(
                        RequestHeadTableTest.requestLines(),
                        RequestHeadTableTest.targets(),
                        RequestHeadTableTest.hosts(),
                        RequestHeadTableTest.fields(),
                        RequestHeadTableTest.persistence(),
                        RequestHeadTableTest.expectations(),
                        BodyFramingTableTest.lengths(),
                        BodyFramingTableTest.codings(),
                        BodyFramingTableTest.chunks(),
                        BodyFramingTableTest.trailers())
                .flatMap(rows -> rows)
                .filter(row -> row.sent().length() < 20_000);
    }

    private void check(Front front, Path folder) throws Exception {
        try (var logs = LogCapture.of(ServerConnection.class);
                var server = TestServer.start(this::answer);
                var proxy = front.start(folder, server.port())) {
            var failures = new SoftAssertions();
            for (var row : variants().toList()) {
                check(row, proxy, failures);
            }
            failures.assertAll();
            assertThat(seen).as("requests that got through").hasSizeGreaterThan(300);
            assertThat(logs.failures()).isEmpty();
        }
    }

    private void answer(HttpExchange exchange) {
        var request = exchange.request();
        int number = seen.size();
        seen.add(request.method() + " " + request.uri());
        exchange.respond(
                200,
                Headers.of("X-Seen", Integer.toString(number)),
                ("#" + number + " " + request.uri()).getBytes(ISO_8859_1));
    }

    /** Sends the variant with a request behind it, and then another client's. */
    private void check(ProtocolTable.Row row, FrontProxy proxy, SoftAssertions failures)
            throws IOException {
        var behind = "GET /behind HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        int before;
        @Nullable String answers;
        do {
            before = seen.size();
            answers = talk(proxy, row.sent() + behind);
        } while (answers == null);
        var answered = SEEN.matcher(answers).results().map(m -> m.group(1)).distinct().toList();
        var requests = seen.subList(before, seen.size());
        failures.assertThat(answered)
                .as("answers to \"%s\": the server saw %s", row.what(), requests)
                .hasSameSizeAs(requests);
        failures.assertThat(requests)
                .as(row.what())
                .noneMatch(request -> request.contains("/x") || request.contains("evil"));
        @Nullable String victims;
        do {
            victims = talk(proxy, behind.replace("/behind", "/victim"));
        } while (victims == null);
        failures.assertThat(victims)
                .as("the next client's answer after \"%s\"", row.what())
                .startsWith("HTTP/1.1 200")
                .endsWith("/victim");
    }

    /** All that comes back; null if the machine was too busy to say it in time. */
    private static @Nullable String talk(FrontProxy proxy, String sent) throws IOException {
        long start = System.nanoTime();
        try (var channel = proxy.connect()) {
            send(channel, sent);
            boolean inTime = System.nanoTime() - start < PATIENCE.toNanos();
            var all = new ByteArrayOutputStream();
            try {
                Channels.newInputStream(channel).transferTo(all);
            } catch (IOException reset) {
                // the proxy has said what it had to say
            }
            return inTime ? all.toString(ISO_8859_1) : null;
        }
    }

    private static void send(SocketChannel channel, String text) {
        try {
            var bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException refused) {
            // it doesn't want to hear more, but may have answered
        }
    }
}
