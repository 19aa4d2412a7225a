package whirlwind.demos.ticker;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import whirlwind.demos.page.Pages;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.loop.PeriodicCallback;
import whirlwind.realtime.Hub;
import whirlwind.realtime.HubAccess;
import whirlwind.realtime.HubConnection;
import whirlwind.realtime.HubConnectionClosedException;
import whirlwind.realtime.HubOptions;
import whirlwind.realtime.HubRefusal;
import whirlwind.sync.Condition;
import whirlwind.web.Application;

/** Feeds prices to pages, to each as fast as it draws them. */
public final class Ticker implements HubAccess {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final int CHANGES_PER_TICK = 60; // 6,000 a second

    /** How long a page may draw. One that nobody looks at is slow, but not that slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Market market;
    private final Condition changed = new Condition();
    private final Set<HubConnection> watching = new HashSet<>();

    Ticker(Market market) {
        this.market = market;
    }

    /** The application, on no port yet; its market is open from now on. */
    public static Application application() {
        var ticker = new Ticker(new Market(new Random()));
        new PeriodicCallback(ticker::tick, TICK).start();
        new PeriodicCallback(ticker.market::remember, Duration.ofSeconds(1)).start();
        return ticker.pages();
    }

    Application pages() {
        var application = Pages.add(new Application(), Ticker.class, "ticker.css", "ticker.js");
        new Hub(HubOptions.DEFAULTS.withAccess(this)).mount(application);
        return application;
    }

    void tick() {
        market.change(CHANGES_PER_TICK);
        changed.signalAll();
    }

    /** Answers with all prices; what changes comes from then on. */
    @Override
    public Object onRequest(HubConnection page, String name, JsonNode data) {
        if (!name.equals("watch") || !watching.add(page)) {
            throw HubRefusal.forbidden("one may watch, once");
        }
        long seen = market.count();
        IOLoop.current().spawnCallback(() -> feed(page, seen));
        return market.board();
    }

    @Override
    public void onDisconnect(HubConnection page) {
        watching.remove(page);
    }

    /** Sends what has changed, and waits until it is drawn, again and again. */
    private void feed(HubConnection page, long before) {
        long seen = before;
        try {
            while (watching.contains(page)) {
                if (market.count() == seen) {
                    changed.await();
                }
                var changes = market.since(seen);
                seen = market.count();
                Async.await(page.request(changes, PATIENCE));
            }
        } catch (HubConnectionClosedException e) {
            // It comes back on another connection.
        } catch (HubRefusal | AsyncTimeoutException e) {
            page.disconnect("limit", "prices were not drawn", true);
        }
    }
}
