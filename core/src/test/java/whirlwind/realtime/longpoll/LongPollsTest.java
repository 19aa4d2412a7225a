package whirlwind.realtime.longpoll;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.EventListener;
import whirlwind.testing.Eventually;
import whirlwind.testing.VirtualTime;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

/** On a clock that moves only when told to. */
@Timeout(60)
class LongPollsTest {
    private final VirtualTime time = new VirtualTime();
    private final LongPolls polls = new LongPolls();
    private final List<String> news = new ArrayList<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Application application = new Application("/news", News::new);

    private final class News extends RequestHandler {
        @Override
        protected void get() throws Exception {
            int after = Integer.parseInt(getQueryArgument("after"));
            writeJson(polls.await(this, () -> List.copyOf(news.subList(after, news.size()))));
        }

        @Override
        protected void onConnectionClose() {
            told.add("left");
        }
    }

    private void add(String text) {
        news.add(text);
        polls.wake();
    }

    private interface Body {
        void run(ServedApplication app) throws Exception;
    }

    private void serve(Body body) throws Exception {
        try (var loop = time.newLoop();
                var app = ServedApplication.on(loop, application)) {
            body.run(app);
        }
    }

    private static void onLoop(ServedApplication app, CheckedRunnable body) throws Exception {
        app.onLoop(() -> {
            body.run();
            return true;
        });
    }

    private CompletableFuture<HttpResponse<String>> ask(ServedApplication app, int after) {
        var request = java.net.http.HttpRequest.newBuilder(app.uri("/news?after=" + after));
        return app.client().sendAsync(request.build(), BodyHandlers.ofString());
    }

    private void awaitWaiting(ServedApplication app, int count) throws Exception {
        Eventually.holds(() -> app.onLoop(polls::waiting) == count);
    }

    @Test
    void newsThatAreThereAreAnsweredAtOnce() throws Exception {
        news.add("old");
        serve(app -> {
            var answer = ask(app, 0).get();
            assertThat(answer.body()).isEqualTo("[\"old\"]");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        });
    }

    @Test
    void allWhoWaitAreAnsweredWhenThereAreNews() throws Exception {
        serve(app -> {
            var first = ask(app, 0);
            var second = ask(app, 0);
            awaitWaiting(app, 2);
            onLoop(app, () -> add("new"));
            assertThat(first.get().body()).isEqualTo("[\"new\"]");
            assertThat(second.get().body()).isEqualTo("[\"new\"]");
            awaitWaiting(app, 0);
        });
    }

    @Test
    void whoIsNotMeantGoesOnWaiting() throws Exception {
        news.add("old");
        serve(app -> {
            var answer = ask(app, 1);
            awaitWaiting(app, 1);
            onLoop(app, polls::wake);
            onLoop(app, () -> time.advance(Duration.ofSeconds(24)));
            assertThat(app.onLoop(polls::waiting)).isEqualTo(1);
            onLoop(app, () -> add("new"));
            assertThat(answer.get().body()).isEqualTo("[\"new\"]");
        });
    }

    @Test
    void withoutNewsTheAnswerIsEmptyAfterTheLimit() throws Exception {
        serve(app -> {
            var answer = ask(app, 0);
            awaitWaiting(app, 1);
            onLoop(app, () -> time.advance(Duration.ofSeconds(12)));
            onLoop(app, polls::wake);
            onLoop(app, () -> time.advance(Duration.ofSeconds(13)));
            assertThat(answer.get().body()).isEqualTo("[]");
        });
    }

    @Test
    void aClientThatLeavesFreesItsCoroutine() throws Exception {
        serve(app -> {
            try (var _ = new EventListener(app.port(), "/news?after=0")) {
                awaitWaiting(app, 1);
            }
            assertThat(told.take()).isEqualTo("left");
            awaitWaiting(app, 0);
            Eventually.holds(() -> app.onLoop(() -> IOLoop.current().tasks().size()) == 1); // asks
        });
    }

    @Test
    void aDrainAnswersThoseWhoWait() throws Exception {
        try (var loop = time.newLoop()) {
            var server = application.listen("127.0.0.1", 0);
            var answer =
                    loop.runSync(() -> {
                        var url = "http://127.0.0.1:" + server.port() + "/news?after=0";
                        var asked = AsyncHttpClient.current().fetch(url);
                        while (polls.waiting() == 0) {
                            Async.moment();
                        }
                        server.drain(Duration.ofMinutes(1));
                        return Async.await(asked);
                    });
            assertThat(answer.text()).isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NEVER", "PRIOR_KNOWLEDGE"})
    void itWorksOverEachVersionOfHttp(Http2Mode http2) {
        try (var loop = time.newLoop()) {
            var server = application.listen("127.0.0.1", 0);
            var answer =
                    loop.runSync(() -> {
                        var url = "http://127.0.0.1:" + server.port() + "/news?after=0";
                        var request = HttpRequest.of(url).withHttp2(http2);
                        var asked = AsyncHttpClient.current().fetch(request);
                        while (polls.waiting() == 0) {
                            Async.moment();
                        }
                        add("new");
                        return Async.await(asked);
                    });
            assertThat(answer.text()).isEqualTo("[\"new\"]");
        }
    }
}
