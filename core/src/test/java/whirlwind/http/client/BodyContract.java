package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.http.HttpOutputException;
import whirlwind.loop.Async;
import whirlwind.testing.Standstill;

/** Bodies that are written while they are sent, and read while they come. */
public interface BodyContract extends ClientContract {

    // ---- responses ----

    @Test
    default void aBodyIsGivenAwayAsItComes() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange -> {
                                exchange.start(200, null, new Headers());
                                Async.await(exchange.write(ClientWorld.bytes("asdf")));
                                Async.sleep(Duration.ofMillis(20));
                                Async.await(exchange.write(ClientWorld.bytes("qwer")));
                                exchange.finish();
                            });
            var chunks = new ArrayList<String>();
            var response =
                    w.fetch(w.get("/").withStreamingCallback(chunk -> chunks.add(text(chunk))));
            assertThat(chunks).containsExactly("asdf", "qwer");
            assertThat(response.body()).isEmpty();
        });
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    default void whoWaitsInTheCallbackSlowsTheServer() {
        run(w -> {
            int size = 32 << 20; // more than sockets hold
            var written = new int[1];
            w.site()
                    .on(
                            "/",
                            exchange -> {
                                exchange.start(200, null, new Headers());
                                var piece = new byte[64 << 10];
                                for (; written[0] < size; written[0] += piece.length) {
                                    Async.await(exchange.write(piece));
                                }
                                exchange.finish();
                            });
            var goOn = new CompletableFuture<Void>();
            var received = new long[1];
            var fetched =
                    w.client()
                            .fetch(
                                    w.get("/")
                                            .withStreamingCallback(chunk -> {
                                                Async.await(goOn);
                                                received[0] += chunk.length;
                                            }));
            assertThat(Standstill.of(() -> written[0])).isLessThan(size);
            goOn.complete(null);
            Async.await(fetched);
            assertThat(received[0]).isEqualTo(size);
        });
    }

    @Test
    default void whoWaitsInTheCallbackIsNotFloodedByWhatExpands() {
        run(w -> {
            int limit = 16 << 20;
            var body = ResponseContract.gzip("0".repeat(4 * limit));
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, Headers.of("Content-Encoding", "gzip"), body));
            var goOn = new CompletableFuture<Void>();
            var received = new long[1];
            var fetched =
                    w.client()
                            .fetch(
                                    w.get("/")
                                            .withMaxBodySize(limit)
                                            .withStreamingCallback(chunk -> {
                                                received[0] += chunk.length;
                                                Async.await(Async.shield(goOn));
                                            }));
            w.await(() -> received[0] > 0);
            w.site().on("/other", "hello");
            w.fetch(w.get("/other"));
            goOn.complete(null);
            assertThatThrownBy(() -> Async.await(fetched)).hasMessageContaining("than allowed");
            assertThat(received[0]).isGreaterThan(limit / 2);
        });
    }

    @Test
    default void whoWasSlowAboutABodyThatCameAtOnceGetsTheNext() {
        run(w -> {
            var body = new byte[300_000];
            w.site().on("/", exchange -> exchange.respond(200, new Headers(), body));
            w.site().on("/next", "next");
            for (int i = 0; i < 5; i++) {
                var received = new long[1];
                Async.await(
                        w.client()
                                .fetch(
                                        w.get("/")
                                                .withStreamingCallback(chunk -> {
                                                    received[0] += chunk.length;
                                                    Async.moment();
                                                })));
                assertThat(received[0]).isEqualTo(body.length);
                assertThat(w.fetch(w.get("/next")).text()).isEqualTo("next");
            }
        });
    }

    @Test
    default void whatACallbackThrowsFailsTheFetch() {
        run(w -> {
            w.site().on("/", "hello");
            assertThat(
                            w.failure(
                                    w.get("/")
                                            .withStreamingCallback(chunk -> {
                                                throw new IllegalStateException("disk full");
                                            })))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("disk full");
            assertThat(
                            w.failure(
                                    w.get("/")
                                            .withHeaderCallback(line -> {
                                                throw new IllegalStateException("no");
                                            })))
                    .hasMessage("no");
            assertThat(w.fetch(w.get("/")).text()).isEqualTo("hello");
        });
    }

    @Test
    default void theHeadComesLineByLineBeforeTheBody() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200,
                                            Headers.of("X-Name", "value"),
                                            ClientWorld.bytes("body")));
            var seen = new ArrayList<String>();
            var response =
                    w.fetch(
                            w.get("/")
                                    .withHeaderCallback(seen::add)
                                    .withStreamingCallback(chunk -> seen.add(text(chunk))));
            assertThat(seen.getFirst()).isEqualTo("HTTP/1.1 200 OK\r\n");
            assertThat(seen).contains("X-Name: value\r\n");
            assertThat(seen.subList(seen.size() - 2, seen.size())).containsExactly("\r\n", "body");
            var parsed = new Headers();
            seen.subList(1, seen.size() - 2).forEach(parsed::addLine);
            assertThat(parsed.get("X-Name")).isEqualTo("value");
            assertThat(response.headers().get("X-Name")).isEqualTo("value");
        });
    }

    @Test
    default void callbacksSeeOnlyTheLastHop() {
        run(w -> {
            w.site().redirect("/", 302, "/there").on("/there", "body");
            var seen = new ArrayList<String>();
            w.fetch(
                    w.get("/")
                            .withHeaderCallback(seen::add)
                            .withStreamingCallback(chunk -> seen.add(text(chunk))));
            assertThat(seen.stream().filter(line -> line.startsWith("HTTP/"))).hasSize(1);
            assertThat(seen.getLast()).isEqualTo("body");
        });
    }

    // ---- requests ----

    @Test
    default void aProducedBodyGoesInChunksOrWithTheGivenLength() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var put =
                    w.get("/")
                            .withMethod("PUT")
                            .withBodyProducer(out -> {
                                Async.await(out.write("1234"));
                                Async.sleep(Duration.ofMillis(1));
                                out.write("");
                                Async.await(out.write("5678"));
                            });
            assertThat(w.fetch(put).text()).isEqualTo("12345678");
            assertThat(w.site().lastRequest().headers().contains("Content-Length")).isFalse();
            assertThat(w.fetch(put.withHeader("Content-Length", "8")).text()).isEqualTo("12345678");
            assertThat(w.site().lastRequest().headers().get("Content-Length")).isEqualTo("8");
            assertThat(w.site().lastRequest().headers().contains("Transfer-Encoding")).isFalse();
        });
    }

    @Test
    default void aProducerThatKeepsNotToItsLengthFailsTheFetch() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var put = w.get("/").withMethod("PUT").withHeader("Content-Length", "8");
            for (var body : List.of("1234567", "123456789")) {
                assertThat(w.failure(put.withBodyProducer(out -> Async.await(out.write(body)))))
                        .isInstanceOf(HttpOutputException.class)
                        .hasMessageContaining(body.length() + " bytes of 8");
            }
        });
    }

    @Test
    default void whatAProducerThrowsFailsTheFetch() {
        run(w -> {
            w.site().on("/", "");
            var put =
                    w.get("/")
                            .withMethod("PUT")
                            .withBodyProducer(out -> {
                                Async.await(out.write("1234"));
                                throw new IllegalStateException("file is gone");
                            });
            assertThat(w.failure(put)).hasMessage("file is gone");
            assertThat(w.fetch(w.get("/")).code()).isEqualTo(200);
        });
    }

    @Test
    default void aProducerIsSlowedByTheServer() {
        run(w -> {
            var done = new CompletableFuture<Void>();
            var stuck =
                    w.scripted(peer -> {
                        peer.readHead();
                        done.join(); // without reading
                    });
            var written = new int[1];
            var put =
                    HttpRequest.of(stuck.url("/"))
                            .withMethod("PUT")
                            .withBodyProducer(out -> {
                                while (true) {
                                    Async.await(out.write(new byte[64 << 10]));
                                    written[0] += 64 << 10;
                                }
                            });
            var fetched = w.client().fetch(put);
            assertThat(Standstill.of(() -> written[0])).isLessThan(64 << 20);
            fetched.cancel(true);
            done.complete(null);
        });
    }

    @Test
    default void aFileStandsAmongOtherPiecesOfABody(@TempDir Path folder) throws Exception {
        var content = new byte[5_000_011];
        new Random(11).nextBytes(content);
        var file = Files.write(folder.resolve("file"), content);
        runWithoutLeaks(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var post =
                    w.get("/")
                            .withMethod("POST")
                            .withBodyProducer(out -> {
                                out.write("<");
                                try (var channel = FileChannel.open(file)) {
                                    Async.await(out.writeFile(channel, 0, content.length));
                                    Async.await(out.writeFile(channel, 4_000_000, 10));
                                    Async.await(out.writeFile(channel, 0, 0));
                                }
                                out.write(">");
                            });
            var known = post.withHeader("Content-Length", "" + (content.length + 12));
            for (var request : List.of(post, known)) {
                var body = ByteBuffer.wrap(w.fetch(request).body());
                assertThat(body.remaining()).isEqualTo(content.length + 12);
                assertThat(body.get(0)).isEqualTo((byte) '<');
                assertThat(body.slice(1, content.length)).isEqualTo(ByteBuffer.wrap(content));
                assertThat(body.slice(1 + content.length, 10))
                        .isEqualTo(ByteBuffer.wrap(content, 4_000_000, 10));
                assertThat(body.get(content.length + 11)).isEqualTo((byte) '>');
            }
        });
    }

    @Test
    default void aFileThatEndsEarlyFailsTheFetch(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("file"), new byte[100]);
        runWithoutLeaks(w -> {
            var server = w.scripted(ScriptedServer.Peer::awaitClose);
            var post =
                    server.get()
                            .withMethod("POST")
                            .withBodyProducer(out -> {
                                try (var channel = FileChannel.open(file)) {
                                    Async.await(out.writeFile(channel, 50, 51));
                                }
                            });
            assertThat(w.failure(post))
                    .hasRootCauseInstanceOf(EOFException.class)
                    .hasMessageContaining("the file ends at byte 100, before byte 101");
            w.await(() -> server.open() == 0);
        });
    }

    @Test
    default void whileAFileIsSentNothingElseIsWritten(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("file"), new byte[3_000_000]);
        runWithoutLeaks(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200, new Headers(), exchange.request().body()));
            var post =
                    w.get("/")
                            .withMethod("POST")
                            .withBodyProducer(out -> {
                                try (var channel = FileChannel.open(file)) {
                                    var sent = out.writeFile(channel, 0, 3_000_000);
                                    assertThatThrownBy(() -> out.write("x"))
                                            .isInstanceOf(IllegalStateException.class)
                                            .hasMessageContaining("await");
                                    Async.await(sent);
                                }
                            });
            assertThat(w.fetch(post).body()).hasSize(3_000_000);
            var tooLong =
                    w.get("/")
                            .withMethod("POST")
                            .withHeader("Content-Length", "5")
                            .withBodyProducer(out -> {
                                try (var channel = FileChannel.open(file)) {
                                    Async.await(out.writeFile(channel, 0, 6));
                                }
                            });
            assertThat(w.failure(tooLong))
                    .isInstanceOf(HttpOutputException.class)
                    .hasMessageContaining("6 bytes of 5");
        });
    }

    @Test
    default void aServerThatHangsUpAmidAFileEndsTheFetch(@TempDir Path folder) throws Exception {
        var file = folder.resolve("file");
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(64 << 20); // more than sockets hold
        }
        runWithoutLeaks(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.read(1000);
                    });
            var put =
                    server.get()
                            .withMethod("PUT")
                            .withBodyProducer(out -> {
                                try (var channel = FileChannel.open(file)) {
                                    Async.await(out.writeFile(channel, 0, channel.size()));
                                }
                            });
            assertThat(w.failure(put))
                    .isInstanceOf(HttpStreamClosedException.class)
                    .hasMessageContaining(server.url("/"));
        });
    }

    @Test
    default void aBodyWaitsForTheServersConsent() {
        run(w -> {
            var heads = new CompletableFuture<String>();
            var server =
                    w.scripted(peer -> {
                        while (true) {
                            heads.complete(peer.readHead());
                            peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                            var body = peer.read(4);
                            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
                        }
                    });
            var post =
                    HttpRequest.of(server.url("/")).withMethod("POST").withExpect100Continue(true);
            assertThat(w.fetch(post.withBody("1234")).text()).isEqualTo("1234");
            assertThat(heads.join()).contains("Expect: 100-continue\r\n");
            var produced =
                    post.withHeader("Content-Length", "4")
                            .withBodyProducer(out -> Async.await(out.write("5678")));
            assertThat(w.fetch(produced).text()).isEqualTo("5678");
        });
    }

    /** Within seconds, and not when the request times out. */
    @Test
    default void aServerThatSaysNothingOfABodyGetsIt() {
        run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        var body = peer.read(4);
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
                        peer.awaitClose();
                    });
            var post = server.get().withMethod("POST").withExpect100Continue(true);
            assertThat(w.fetch(post.withBody("1234")).text()).isEqualTo("1234");
        });
    }

    @Test
    default void aServerThatAgreesTwiceGetsTheBodyOnce() {
        run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                        var half = peer.read(2);
                        peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                        var body = half + peer.read(2);
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
                    });
            var runs = new int[1];
            var post =
                    HttpRequest.of(server.url("/"))
                            .withMethod("POST")
                            .withExpect100Continue(true)
                            .withHeader("Content-Length", "4")
                            .withBodyProducer(out -> {
                                runs[0]++;
                                Async.await(out.write("12"));
                                Async.sleep(Duration.ofMillis(50));
                                Async.await(out.write("34"));
                            });
            assertThat(w.fetch(post).text()).isEqualTo("1234");
            assertThat(runs[0]).isEqualTo(1);
        });
    }

    @Test
    default void aBodyThatIsRefusedIsNotSent() {
        run(w -> {
            var server = w.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            var produced = new boolean[1];
            var post =
                    HttpRequest.of(server.url("/"))
                            .withMethod("POST")
                            .withExpect100Continue(true)
                            .withBodyProducer(out -> produced[0] = true);
            assertThat(w.failure(post)).hasMessage("HTTP 403: Forbidden");
            assertThat(produced[0]).isFalse();
        });
    }
}
