package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.web.Verbs.onGet;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** What runs for a request, in which order, and what ends it early. */
class HandlerLifeTest {
    @Test
    void aHandlerKnowsItsApplicationSettingsAndRequest() throws Exception {
        var settings = ApplicationSettings.DEFAULTS.withValue("colour", "green");
        var application = new Application(settings);
        application.route(
                "/{x}",
                onGet(h -> {
                    assertThat(h.application()).isSameAs(application);
                    assertThat(h.settings()).isSameAs(settings);
                    h.write(h.request().method() + " " + h.pathArguments());
                }));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.get("/7").body()).isEqualTo("GET [7]");
        }
    }

    @Test
    void outsideOfARequestAHandlerHasNone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new ErrorHandler(404).request())
                .withMessageStartingWith("this handler has no request");
    }

    @Test
    void prepareVerbAndOnFinishRunInThisOrderAndMayAllWait() throws Exception {
        var order = new CompletableFuture<List<String>>();
        class Noting extends RequestHandler {
            private final List<String> calls = new ArrayList<>();

            @Override
            protected void prepare() {
                Async.sleep(Duration.ofMillis(1));
                calls.add("prepare");
            }

            @Override
            protected void get() {
                Async.moment();
                calls.add("get");
            }

            @Override
            protected void onFinish() {
                Async.moment();
                calls.add("onFinish " + isFinished());
                order.complete(calls);
            }
        }

        try (var served = ServedApplication.of(Noting::new)) {
            assertThat(served.get("/").statusCode()).isEqualTo(200);
            assertThat(order.get()).containsExactly("prepare", "get", "onFinish true");
        }
    }

    @Test
    void finishingInPrepareSkipsTheVerb() throws Exception {
        class Prepared extends RequestHandler {
            @Override
            protected void prepare() {
                finish("from prepare");
            }

            @Override
            protected void get() {
                throw new AssertionError("must not run");
            }
        }

        try (var served = ServedApplication.of(Prepared::new)) {
            assertThat(served.get("/").body()).isEqualTo("from prepare");
        }
    }

    @Test
    void anUnknownVerbIsRefusedBeforePrepare() throws Exception {
        class Prepared extends RequestHandler {
            @Override
            protected void prepare() {
                finish("prepared");
            }
        }

        try (var app = ServedApplication.of(Prepared::new)) {
            assertThat(app.send("BREW", "/", "").statusCode()).isEqualTo(405);
            assertThat(app.get("/").body()).isEqualTo("prepared");
        }
    }

    @Test
    void aVerbThatAHandlerLacksIs405AndTheOthersAreNamed() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> {}))) {
            var response = app.send("POST", "/", "");
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
            assertThat(app.send("BREW", "/", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void requestsOfOneLoopWaitTogether() throws Exception {
        var both = new AtomicInteger();
        var met = new CompletableFuture<String>();
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            if (both.incrementAndGet() == 2) {
                                met.complete("met");
                            }
                            h.write(Async.await(met));
                        }))) {
            var first =
                    app.client()
                            .sendAsync(
                                    HttpRequest.newBuilder(app.uri("/")).build(),
                                    BodyHandlers.ofString());
            assertThat(app.get("/").body()).isEqualTo("met");
            assertThat(first.get().body()).isEqualTo("met");
        }
    }

    @Test
    void aHandlerIsCancelledWhenItsClientGoesAway() throws Exception {
        var waiting = new CountDownLatch(1);
        var gone = new CompletableFuture<String>();
        class Waiting extends RequestHandler {
            @Override
            protected void get() {
                waiting.countDown();
                Async.await(new CompletableFuture<>());
            }

            @Override
            protected void onConnectionClose() {
                gone.complete("told");
            }
        }

        try (var served = ServedApplication.of(Waiting::new)) {
            try (var socket = new Socket("127.0.0.1", served.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                waiting.await();
            }
            assertThat(gone.get()).isEqualTo("told");
            assertThat(served.onLoop(() -> served.loop().tasks().size())).isEqualTo(1);
        }
    }

    @Test
    void aHandlerThatOutlivesItsClientGoesOn() throws Exception {
        var waiting = new CountDownLatch(1);
        var goOn = new CompletableFuture<String>();
        var ended = new CompletableFuture<String>();
        class Outliving extends RequestHandler {
            @Override
            protected boolean outlivesClient() {
                return true;
            }

            @Override
            protected void get() {
                waiting.countDown();
                ended.complete(Async.await(goOn));
            }
        }

        try (var served = ServedApplication.of(Outliving::new)) {
            try (var socket = new Socket("127.0.0.1", served.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                waiting.await();
            }
            goOn.complete("done");
            assertThat(ended.get()).isEqualTo("done");
        }
    }

    @Test
    void anotherThreadMayNotSend() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.write("x");
                            var elsewhere = new CompletableFuture<Throwable>();
                            Thread.ofPlatform()
                                    .start(() -> {
                                        try {
                                            h.flush();
                                        } catch (IllegalStateException e) {
                                            elsewhere.complete(e);
                                        }
                                    });
                            h.write(Async.await(elsewhere).getMessage());
                        }))) {
            assertThat(app.get("/").body())
                    .contains("was called from Thread", "use IOLoop.addCallback");
        }
    }

    @Test
    void anotherThreadMayNotWrite() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app =
                        ServedApplication.of(
                                onGet(h ->
                                        Async.await(
                                                Async.offload(() -> {
                                                    h.write("x");
                                                    return 1;
                                                }))))) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
            assertThat(log.failures())
                    .singleElement()
                    .asString()
                    .contains("write was called from Thread[", "a future that the handler awaits");
        }
    }
}
