package whirlwind.demos.spider;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import whirlwind.loop.Async;
import whirlwind.web.Application;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/**
 * A site to crawl: pages that link to others, each of which takes its time, as the pages of others
 * do, and some links that lead nowhere.
 */
public final class Site {
    private static final Duration THINKING = Duration.ofMillis(20);

    /** Every so many pages one has a broken link. */
    private static final int BROKEN_EVERY = 25;

    private Site() {}

    /** A site of that many pages, on no port yet. */
    public static Application application(int pages) {
        return new Application("/", () -> new PageHandler(0, pages))
                .route("/page/{number:[0-9]+}", () -> new PageHandler(-1, pages));
    }

    private static final class PageHandler extends RequestHandler {
        private final int fixed;
        private final int pages;

        PageHandler(int fixed, int pages) {
            this.fixed = fixed;
            this.pages = pages;
        }

        @Override
        protected void get() {
            int number = fixed >= 0 ? fixed : Integer.parseInt(getPathArgument("number"));
            if (number >= pages) {
                throw new HttpError(404);
            }
            Async.sleep(THINKING);
            var links =
                    Stream.concat(children(number), broken(number))
                            .map(path -> "<li><a href=\"" + path + "\">" + path + "</a></li>")
                            .collect(Collectors.joining("\n"));
            write(
                    "<!doctype html>\n<title>Page "
                            + number
                            + "</title>\n<ul>\n"
                            + links
                            + "\n</ul>\n");
        }

        /** A tree, with a way back to its root. */
        private Stream<String> children(int number) {
            return IntStream.rangeClosed(3 * number + 1, 3 * number + 3)
                    .filter(child -> child < pages)
                    .mapToObj(child -> "/page/" + child + "#top");
        }

        private Stream<String> broken(int number) {
            return number % BROKEN_EVERY == 0
                    ? Stream.of("/", "/page/" + (pages + number))
                    : Stream.of("/");
        }
    }
}
