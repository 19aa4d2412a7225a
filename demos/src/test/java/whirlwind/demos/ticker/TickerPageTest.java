package whirlwind.demos.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.Screens;
import whirlwind.loop.PeriodicCallback;

/** The board of prices in a real browser. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TickerPageTest {
    @TempDir private static Path profile;

    private static Browser browser;
    private static ChromeDriver driver;
    private final Market market = new Market(new Random(1));
    private final Ticker ticker = new Ticker(market);
    private final RunningDemo demo = RunningDemo.start(ticker::pages);

    @BeforeAll
    static void startBrowser() {
        browser = new Browser(profile);
        driver = browser.driver();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        browser.closeWindows();
        demo.close();
    }

    private void open() {
        browser.open(demo.uri("/").toString());
        Eventually.becomes(100, () -> driver.findElements(By.className("tile")).size());
    }

    private PeriodicCallback trade() {
        return demo.onLoop(() -> {
            var trading = new PeriodicCallback(ticker::tick, Duration.ofMillis(10));
            trading.start();
            return trading;
        });
    }

    private void stop(PeriodicCallback trading) {
        demo.onLoop(() -> {
            trading.stop();
            return null;
        });
    }

    private Object shown() {
        return driver.executeScript(
                "return [...document.querySelectorAll('.tile .price')].map(price => price.textContent)");
    }

    /** What the market says, as the page writes it. */
    private List<String> prices() {
        return demo.onLoop(market::board).stream()
                .map(quote -> String.format(Locale.ROOT, "%,.2f", quote.price()))
                .toList();
    }

    /** What the page has counted in one second, or however long that took the machine. */
    private record Flow(long changed, long received, long batches) {
        static Flow shown() {
            var figures =
                    (List<?>)
                            driver.executeScript(
                                    """
                                    return ['changed', 'received', 'batches']
                                      .map(id => Number(document.getElementById(id).textContent.replaceAll(',', '')));
                                    """);
            return new Flow((Long) figures.get(0), (Long) figures.get(1), (Long) figures.get(2));
        }
    }

    private static Flow awaitChanges() {
        var last = new AtomicReference<Flow>();
        Eventually.becomes(
                true,
                () -> {
                    last.set(Flow.shown());
                    return last.get().changed() > 1000;
                });
        return last.get();
    }

    @Test
    void aPageThatDrawsSlowlyMissesWhatIsOvertakenAndNothingElse() {
        open();
        assertThat(shown()).isEqualTo(prices());
        driver.findElement(By.cssSelector("[name=pace][value='100']")).click();
        var trading = trade();
        var flow = awaitChanges();
        assertThat(flow.received()).isBetween(1L, 100 * flow.batches()); // a hundred at a time
        assertThat(flow.changed()).isGreaterThan(flow.received());
        stop(trading);
        Eventually.becomes(prices(), this::shown);
    }

    @Test
    void aPageThatComesBackShowsWhatIsTrueNow() throws InterruptedException {
        open();
        demo.onLoop(() -> {
            market.change(5000);
            ticker.tick();
            return null;
        });
        Eventually.becomes(prices(), this::shown);
        driver.executeScript("dispatchEvent(new Event('offline'))");
        demo.onLoop(() -> {
            market.change(5000);
            return null;
        });
        driver.executeScript("dispatchEvent(new Event('online'))");
        Eventually.becomes(prices(), this::shown);
        demo.onLoop(() -> {
            ticker.tick();
            return null;
        });
        Eventually.becomes(prices(), this::shown);
    }

    @Test
    void onePriceIsChosenForTheChart() {
        open();
        driver.findElements(By.className("tile")).get(42).click();
        var quote = demo.onLoop(market::board).get(42);
        assertThat(driver.findElement(By.id("chart-symbol")).getText()).isEqualTo(quote.symbol());
        assertThat(driver.findElement(By.id("chart-name")).getText()).isEqualTo(quote.name());
        assertThat(driver.getCurrentUrl()).endsWith("#" + quote.symbol());
    }

    @Test
    void itFitsEveryScreen() throws IOException {
        open();
        var trading = trade();
        awaitChanges();
        Screens.look(driver, "ticker");
        stop(trading);
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("what the browser complains of, such as a forbidden style")
                .isEmpty();
    }
}
