package whirlwind.demos.spider;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import whirlwind.demos.terminal.LiveLine;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;

/** Crawls a site and says what it found. */
public final class Spider {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PAGES = 200;

    private Spider() {}

    /**
     * Crawls the site at the address that is given, or else one of its own; the loop has ended
     * then.
     *
     * @return whether all of it could be fetched in time
     * @throws IllegalArgumentException if there is more than one argument, or it is no address
     */
    public static boolean run(List<String> arguments, PrintStream out) {
        var given = address(arguments);
        try (var loop = IOLoop.current()) {
            return loop.runSync(
                    () -> given.isEmpty() ? crawlOwnSite(out) : crawl(given.getFirst(), out));
        }
    }

    private static List<URI> address(List<String> arguments) {
        if (arguments.size() > 1) {
            throw new IllegalArgumentException("spider wants one URL");
        }
        return arguments.stream().peek(Spider::checkHttp).map(URI::create).toList();
    }

    private static void checkHttp(String address) {
        if (!address.matches("https?://[^/].*")) {
            throw new IllegalArgumentException("no http or https URL: " + address);
        }
    }

    private static boolean crawlOwnSite(PrintStream out) {
        try (var server = Site.application(PAGES).listen("127.0.0.1", 0)) {
            return crawl(URI.create("http://127.0.0.1:" + server.port() + "/"), out);
        }
    }

    private static boolean crawl(URI start, PrintStream out) {
        var crawl = new Crawl(AsyncHttpClient.current(), start);
        boolean inTime = true;
        try (var progress = new LiveLine(out, () -> progress(crawl))) {
            crawl.run(LIMIT);
        } catch (AsyncTimeoutException e) {
            inTime = false;
        }
        crawl.dead().forEach((page, reason) -> out.println("  " + page + ": " + reason));
        if (!inTime) {
            out.println("  not done after " + LIMIT.toMinutes() + " minutes");
        }
        return inTime && !crawl.fetched().isEmpty();
    }

    private static String progress(Crawl crawl) {
        return "%d of %d pages fetched, dead links: %d"
                .formatted(crawl.fetched().size(), crawl.size(), crawl.dead().size());
    }
}
