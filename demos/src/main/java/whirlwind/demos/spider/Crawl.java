package whirlwind.demos.spider;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpResponse;
import whirlwind.loop.Async;
import whirlwind.loop.Task;
import whirlwind.sync.Queue;

/** All pages that can be reached from one by links below it. Confined to the loop. */
public final class Crawl {
    /** How many pages are fetched at a time. */
    static final int WORKERS = 10;

    private final AsyncHttpClient client;
    private final URI start;
    private final Queue<URI> queue = new Queue<>();
    private final Set<URI> seen = new TreeSet<>();
    private final Set<URI> fetched = new TreeSet<>();
    private final Map<URI, String> dead = new TreeMap<>();

    /** A crawl of what is below {@code start}. */
    public Crawl(AsyncHttpClient client, URI start) {
        this.client = client;
        this.start = start.getPath().isEmpty() ? start.resolve("/") : start;
    }

    /**
     * Fetches all pages; suspends the coroutine until that is done.
     *
     * @throws whirlwind.loop.AsyncTimeoutException if it isn't by then
     */
    public void run(Duration limit) {
        found(start);
        var workers = Stream.generate(this::spawnWorker).limit(WORKERS).toList();
        try {
            queue.join(limit);
        } finally {
            workers.forEach(Task::cancel);
        }
    }

    private Task<?> spawnWorker() {
        return Async.spawn(
                "crawler",
                () -> {
                    while (true) {
                        var page = queue.get();
                        try {
                            fetch(page);
                        } finally {
                            queue.taskDone();
                        }
                    }
                });
    }

    private void fetch(URI page) {
        try {
            var response = Async.await(client.fetch(page.toString()));
            fetched.add(page);
            links(response).forEach(this::found);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            dead.put(page, String.valueOf(e.getMessage()));
        }
    }

    private void found(URI page) {
        if (seen.add(page)) {
            queue.putNowait(page);
        }
    }

    private List<URI> links(HttpResponse response) {
        if (!response.headers().get("Content-Type", "").startsWith("text/html")) {
            return List.of();
        }
        return Jsoup.parse(response.text(), response.effectiveUrl()).select("a[href]").stream()
                .map(link -> link.absUrl("href"))
                .flatMap(Crawl::withoutFragment)
                .filter(link -> link.toString().startsWith(start.resolve(".").toString()))
                .toList();
    }

    private static Stream<URI> withoutFragment(String link) {
        int fragment = link.indexOf('#');
        try {
            return Stream.of(new URI(fragment < 0 ? link : link.substring(0, fragment)));
        } catch (URISyntaxException e) {
            return Stream.empty(); // the page's mistake
        }
    }

    /** The pages that were fetched. */
    public Set<URI> fetched() {
        return fetched;
    }

    /** The pages that could not be fetched, and why. */
    public Map<URI, String> dead() {
        return dead;
    }

    /** How many addresses are known, fetched or not. */
    public int size() {
        return seen.size();
    }
}
