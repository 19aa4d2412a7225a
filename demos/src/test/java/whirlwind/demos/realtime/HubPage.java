package whirlwind.demos.realtime;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;

/** A page in a browser that has the client of a hub, and what tests do with it. */
final class HubPage {
    private final ChromeDriver driver;
    private final String window;

    HubPage(Browser browser, String address) {
        driver = browser.driver();
        window = browser.open(address);
        Eventually.becomes(true, () -> (Boolean) run("return 'connect' in window"));
    }

    @Nullable Object run(String script, Object... arguments) {
        driver.switchTo().window(window);
        return driver.executeScript(script, arguments);
    }

    /** Connects; {@code options} is JavaScript. */
    HubPage connect(String options) {
        run("window.hub = connect(" + options + ");");
        return this;
    }

    /** Subscribes, and writes down what happens. */
    HubPage subscribe(String topic, String options) {
        run("window.room = watch(hub.subscribe(arguments[0], " + options + "));", topic);
        return this;
    }

    void awaitState(String state) {
        Eventually.becomes(state, () -> run("return hub.state"));
    }

    @Nullable Object transport() {
        return run("return hub.transport");
    }

    /** What happened, in order. */
    @SuppressWarnings("unchecked") // an array of strings
    List<String> log() {
        return (List<String>) run("return log");
    }

    void awaitLog(String... lines) {
        Eventually.becomes(List.of(lines), this::log);
    }

    void close() {
        driver.switchTo().window(window).close();
    }
}
