package whirlwind.demos.spider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import whirlwind.demos.RunningDemo;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

class SpiderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static Crawl crawl(RunningDemo site, String path) {
        try (var loop = new IOLoop()) {
            return loop.runSync(() -> {
                var crawl = new Crawl(AsyncHttpClient.current(), site.uri(path));
                crawl.run(PATIENCE);
                return crawl;
            });
        }
    }

    @Test
    void everyPageIsFetchedOnceAndDeadLinksAreNamed() throws Exception {
        try (var site = RunningDemo.start(() -> Site.application(60))) {
            var crawl = crawl(site, "/");
            assertThat(crawl.fetched()).hasSize(60).contains(site.uri("/"), site.uri("/page/59"));
            assertThat(crawl.dead())
                    .containsOnlyKeys(
                            site.uri("/page/60"), site.uri("/page/85"), site.uri("/page/110"));
            assertThat(crawl.dead().values()).allMatch(reason -> reason.contains("404"));
        }
    }

    /**
     * Links to itself by other names and to elsewhere; behind the first page nobody is answered
     * before all workers are there.
     */
    private static final class Busy extends RequestHandler {
        private static final AtomicInteger NOW = new AtomicInteger();
        private static final AtomicInteger MOST = new AtomicInteger();
        private static final CompletableFuture<Boolean> ALL_HERE = new CompletableFuture<>();

        @Override
        protected void get() {
            int here = MOST.accumulateAndGet(NOW.incrementAndGet(), Math::max);
            if (here == Crawl.WORKERS) {
                ALL_HERE.complete(true);
            }
            if (!request().path().equals("/in/")) {
                Async.await(Async.shield(ALL_HERE));
            }
            NOW.decrementAndGet();
            for (int i = 0; i < 40; i++) {
                write("<a href='/in/" + i + "'>in</a><a href=\"" + i + "#part\">again</a>");
            }
            write("<a href='/out'>out</a><a href='http://[broken'>x</a><a href='mailto:a@b'>y</a>");
        }
    }

    @Test
    void tenPagesAreFetchedAtATimeAndNothingAboveTheStart() throws Exception {
        try (var site = RunningDemo.start(() -> new Application("/{path:*}", Busy::new))) {
            var crawl = crawl(site, "/in/");
            assertThat(crawl.fetched())
                    .hasSize(41)
                    .allMatch(page -> page.getPath().startsWith("/in/"));
            assertThat(crawl.dead()).isEmpty();
            assertThat(Busy.MOST).hasValue(Crawl.WORKERS);
        }
    }

    @Test
    void aCrawlThatTakesTooLongEndsWithAllItsWorkers() throws Exception {
        try (var site = RunningDemo.start(() -> Site.application(100_000));
                var loop = new IOLoop()) {
            loop.runSync(() -> {
                var crawl = new Crawl(AsyncHttpClient.current(), site.uri("/"));
                assertThatThrownBy(() -> crawl.run(Duration.ofMillis(100)))
                        .isInstanceOf(AsyncTimeoutException.class);
                Async.moment();
                assertThat(loop.tasks()).extracting(task -> task.name()).doesNotContain("crawler");
                return null;
            });
        }
    }

    @Test
    void theDemoCrawlsASiteOfItsOwnAndSaysWhatItFound() {
        var out = new ByteArrayOutputStream();
        assertThat(Spider.run(List.of(), new PrintStream(out, true, StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("200 of 208 pages fetched, dead links: 8", "404");
    }

    @Test
    void anAddressOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> Spider.run(List.of("ftp://x/"), System.out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ftp://x/");
    }
}
