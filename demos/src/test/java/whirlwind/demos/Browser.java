package whirlwind.demos;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The system's Chromium without a screen, with a fresh profile. */
public final class Browser implements AutoCloseable {
    private final ChromeDriver driver;
    private final String firstWindow;

    /** Starts the browser. */
    public Browser(Path profile) {
        var options = new ChromeOptions();
        options.setBinary(program("chromium", "chromium"));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        options.setAcceptInsecureCerts(true); // those that tests make for themselves
        var service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(program("chromedriver", "chromium-driver"))
                        .usingAnyFreePort()
                        .build();
        driver = new ChromeDriver(service, options);
        firstWindow = driver.getWindowHandle();
    }

    /** A program of the PATH. Without it the test fails: nobody should believe that it passed. */
    private static File program(String name, String debianPackage) {
        var found =
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name))
                        .filter(Files::isExecutable)
                        .findFirst();
        return found.orElseGet(() ->
                        Assertions.fail(
                                "This test needs the program %s: install it (Debian's package is %s)."
                                        .formatted(name, debianPackage)))
                .toFile();
    }

    /** What drives it. */
    public ChromeDriver driver() {
        return driver;
    }

    /** Opens a page in a window of its own, which then is the current one; returns its handle. */
    public String open(String address) {
        driver.switchTo().window(firstWindow);
        driver.switchTo().newWindow(WindowType.WINDOW);
        driver.get(address);
        return driver.getWindowHandle();
    }

    /** Closes all windows but the one that keeps the browser alive. */
    public void closeWindows() {
        driver.getWindowHandles().stream()
                .filter(window -> !window.equals(firstWindow))
                .forEach(window -> driver.switchTo().window(window).close());
    }

    @Override
    public void close() {
        driver.quit();
    }
}
