package whirlwind.realtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.testing.VirtualTime;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

/** A hub that is used by sessions, on a clock that moves only when told to. */
abstract class SessionServers {
    static final String CONNECT = "{\"type\":\"connect\",\"id\":1,\"version\":1}";

    final BlockingQueue<String> gone = new LinkedBlockingQueue<>();

    final HubAccess access =
            new HubAccess() {
                @Override
                public HubUser connect(ConnectRequest request) {
                    var token = request.token();
                    if (token == null) {
                        return HubUser.ANONYMOUS;
                    }
                    if (token.stringValue().equals("nobody")) {
                        throw new HubRefusal("unauthorized", "not you");
                    }
                    return new HubUser(token.stringValue());
                }

                @Override
                public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
                    return true;
                }

                @Override
                public Object onRequest(HubConnection connection, String name, JsonNode data) {
                    return connection.transport();
                }

                @Override
                public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
                    return true;
                }

                @Override
                public void onDisconnect(HubConnection connection) {
                    gone.add(connection.user().id());
                }

                @Override
                public boolean allowsOrigin(String origin) {
                    return origin.equals("https://friend.example");
                }
            };

    final HubOptions options = HubOptions.DEFAULTS.withAccess(access);

    final HttpClient client = HttpClient.newHttpClient();

    final VirtualTime time = new VirtualTime();

    final List<ServedApplication> servers = new ArrayList<>();

    final List<IOLoop> loops = new ArrayList<>();

    @Nullable Hub hub;

    @AfterEach
    void close() throws Exception {
        client.shutdownNow();
        for (var server : servers) {
            server.close();
        }
        loops.forEach(IOLoop::close);
    }

    Session.Server serve(HubOptions options) throws Exception {
        return serve(options, ApplicationSettings.DEFAULTS);
    }

    Session.Server serve(HubOptions options, ApplicationSettings settings) throws Exception {
        if (hub == null) {
            hub = new Hub(options);
        }
        var loop = loops.isEmpty() ? time.newLoop() : new IOLoop();
        loops.add(loop);
        var application = new Application(settings);
        var server = ServedApplication.on(loop, application);
        servers.add(server);
        server.onLoop(() -> {
            hub.mount(application);
            return true;
        });
        return new Session.Server(client, server.port());
    }

    Session.Server serve() throws Exception {
        return serve(options);
    }

    void pass(Duration duration) throws Exception {
        servers.getFirst()
                .onLoop(() -> {
                    time.advance(duration);
                    return true;
                });
    }

    static List<String> typesOf(String frames) {
        var types = new ArrayList<String>();
        Json.decode(frames).forEach(frame -> types.add(frame.path("type").asString()));
        return types;
    }

    /** What a poll will bring. */
    record Polling(InputStream body) {
        String text() throws IOException {
            return new String(body.readAllBytes(), UTF_8);
        }

        List<String> types() throws IOException {
            return typesOf(text());
        }
    }

    /** Begins sessions, and says things in them, as a client of HTTP/1.1. */
    record Session(Server server, String token) {
        record Server(HttpClient client, int port) {
            HttpRequest.Builder request(String path, String body) {
                return HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/whirlwind" + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .setHeader("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
            }

            CompletableFuture<HttpResponse<String>> post(
                    String path, String body, String... headers) {
                var request = request(path, body);
                for (int i = 0; i < headers.length; i += 2) {
                    request.setHeader(headers[i], headers[i + 1]);
                }
                return client.sendAsync(request.build(), BodyHandlers.ofString());
            }

            Session begin(String body) {
                var answer = Json.decode(post("/session", body).join().body());
                assertThat(answer.path("type").asString()).as("" + answer).isEqualTo("connected");
                return new Session(this, answer.path("session").stringValue());
            }

            Session begin() {
                return begin(CONNECT);
            }
        }

        /** The same session by another server of the hub. */
        Session at(Server other) {
            return new Session(other, token);
        }

        CompletableFuture<HttpResponse<String>> post(String path, String body) {
            return server.post(path + "?session=" + token, body);
        }

        /** A request that says which of its kind it is. */
        CompletableFuture<HttpResponse<String>> post(String path, int number, String body) {
            return server.post(path + "?session=" + token + "&number=" + number, body);
        }

        CompletableFuture<HttpResponse<String>> say(String... frames) {
            return post("/messages", Stream.of(frames).collect(Collectors.joining(",", "[", "]")));
        }

        void subscribe(String topic) {
            var frame = "{\"type\":\"subscribe\",\"id\":2,\"topic\":\"%s\"}".formatted(topic);
            assertThat(say(frame).join().statusCode()).isEqualTo(204);
        }

        CompletableFuture<HttpResponse<String>> poll() {
            return post("/poll", "");
        }

        /** A poll that waits: its head has come. */
        Polling waiting() throws Exception {
            return waiting("");
        }

        /** The same, with its number. */
        Polling waiting(int number) throws Exception {
            return waiting("&number=" + number);
        }

        private Polling waiting(String number) throws Exception {
            var request = server.request("/poll?session=" + token + number, "").build();
            var answer = server.client.send(request, BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            return new Polling(answer.body());
        }

        /** The types of the frames that the next poll brings. */
        List<String> types() {
            return typesOf(poll().join().body());
        }

        EventListener listen() throws IOException {
            return new EventListener(server.port, "/whirlwind/events?session=" + token);
        }
    }

    static String error(HttpResponse<String> answer) {
        return answer.statusCode() + " " + Json.decode(answer.body()).path("code").asString();
    }
}
