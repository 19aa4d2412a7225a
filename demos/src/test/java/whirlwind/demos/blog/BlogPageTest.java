package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;

/** The pages in a real browser. What they look like is kept in {@code target/screenshots}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BlogPageTest {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String TEXT =
            """
            Tornado's promise was simple: **one thread**, many connections, and code that reads from top to bottom. \
            A coroutine that waits costs nothing but a little memory, and between two waits nobody else runs.

            ## What waits, and what holds

            - a query over a socket *waits*, and the loop goes on
            - bcrypt *holds*, for it computes: it goes to another thread
            - files hold as well

            > Every mistake that is easy to make was made here first.

            ```java
            var ok = Async.await(Async.offload(() -> BCrypt.checkpw(typed, hash)));
            if (!ok) throw new HttpError(403, "wrong password of " + name + ", who should try again");
            ```

            More is in [the guide](https://example.org/guide), and `Async.offload` is in it, too.
            """;

    private TestBlog blog;
    private Browser browser;
    private ChromeDriver driver;

    @BeforeEach
    void start(@TempDir Path profile) throws IOException {
        blog = TestBlog.empty();
        browser = new Browser(profile);
        driver = browser.driver();
        Files.createDirectories(SCREENSHOTS);
    }

    @AfterEach
    void stop() throws InterruptedException {
        browser.close();
        blog.close();
    }

    private void open(String path) {
        driver.get(blog.demo().uri(path).toString());
    }

    private String text(String selector) {
        return driver.findElement(By.cssSelector(selector)).getText();
    }

    /** Where a click leads to another page, that one takes its time. */
    private WebElement await(String selector) {
        var place = By.cssSelector(selector);
        Eventually.becomes(true, () -> driver.findElement(place).isDisplayed());
        return driver.findElement(place);
    }

    private void click(String selector) {
        await(selector).click();
    }

    private void type(String selector, String text) {
        await(selector).sendKeys(text);
    }

    @Test
    void oneSignsUpWritesCommentsChoosesALanguageAndLeaves() {
        open("/");
        click(".top a.button");
        type("#name", "Grace");
        type("#password", "nanoseconds" + Keys.ENTER);
        Eventually.becomes("Grace", () -> text(".top .me"));

        click(".top a.button");
        type("#title", "A first post");
        type("#body", "Hello **world**");
        click("main button");
        Eventually.becomes("A first post", () -> text("article h1"));
        assertThat(text(".prose strong")).isEqualTo("world");

        type("#text", "And a comment");
        click(".discussion > form button");
        Eventually.becomes("And a comment", () -> text(".comments .words"));

        click(".languages [lang=de]");
        Eventually.becomes("1 Kommentar", () -> text(".discussion h2"));
        click(".top form button");
        Eventually.becomes("Anmelden", () -> text(".top nav a"));
        click(".languages [lang=en]");
        Eventually.becomes("Sign in", () -> text(".top nav a"));
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("what the browser complains of, such as a forbidden style")
                .isEmpty();
    }

    /** A place to look at the pages from. */
    private record Screen(String name, int width, int height, boolean phone) {
        void choose(ChromeDriver driver, String scheme) {
            driver.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of(
                            "width", width,
                            "height", height,
                            "deviceScaleFactor", 1,
                            "mobile", phone));
            var preference = Map.of("name", "prefers-color-scheme", "value", scheme);
            driver.executeCdpCommand(
                    "Emulation.setEmulatedMedia", Map.of("features", List.of(preference)));
        }
    }

    @Test
    void pagesFitEveryScreen() throws IOException {
        var ada = blog.author("Ada");
        ada.write("Loops are for waiting", TEXT);
        var post = ada.write("Ein Brief aus Übersee", "Erste Zeile.\n\n" + TEXT);
        ada.submit(
                post,
                ".discussion > form",
                Map.of("text", "See https://example.org/a?b=c\nfor more."));
        blog.author("Bob").submit(post.path(), ".discussion > form", Map.of("text", "Well said."));
        open("/sign-in?next=" + post.path());
        type("#name", "Ada");
        type("#password", Visitor.passwordOf("Ada") + Keys.ENTER);
        Eventually.becomes("Ada", () -> text(".top .me"));

        var screens =
                List.of(
                        new Screen("phone", 320, 640, true),
                        new Screen("desktop", 1280, 800, false));
        for (var screen : screens) {
            for (var scheme : List.of("light", "dark")) {
                screen.choose(driver, scheme);
                look("home", "/", screen, scheme);
                look("post", post.path(), screen, scheme);
                look("compose", "/posts/new", screen, scheme);
                look("sign-up", "/sign-up", screen, scheme);
                look("missing", "/nonsense", screen, scheme);
            }
        }
    }

    @Test
    void wordsWithoutEndFitAPhone() {
        var name = "W".repeat(30);
        var word = "w".repeat(1000);
        var author = blog.author(name);
        var post =
                author.write(
                        "W".repeat(120),
                        "%1$s\n\n# %1$s\n\n`%1$s`\n\n> %1$s\n\n- %1$s\n\n[%1$s](https://%1$s)\n\n    %1$s"
                                .formatted(word));
        author.submit(post, ".discussion > form", Map.of("text", word + " https://" + word));
        open("/sign-in");
        type("#name", name);
        type("#password", Visitor.passwordOf(name) + Keys.ENTER);
        Eventually.becomes(name, () -> text(".top .me"));

        new Screen("phone", 320, 640, true).choose(driver, "light");
        for (var path : List.of("/", post.path(), post.path() + "/delete", "/authors/" + name)) {
            open(path);
            checkWidth(path);
        }
    }

    private void checkWidth(String what) {
        var tooWide =
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assertThat((Long) driver.executeScript(tooWide))
                .as("pixels that there is no room for: " + what)
                .isZero();
    }

    private void look(String name, String path, Screen screen, String scheme) throws IOException {
        open(path);
        if (path.equals("/sign-up")) {
            type("#name", "Ada");
            type("#password", "short" + Keys.ENTER);
            Eventually.becomes("At least 10 characters.", () -> text(".problem"));
        }
        checkWidth(path + " on " + screen);
        assertThat(
                        driver.findElements(
                                By.cssSelector("main input:not([type=hidden]), main textarea")))
                .allMatch(field -> !field.getAccessibleName().isEmpty());
        var shot =
                driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("captureBeyondViewport", true));
        Files.write(
                SCREENSHOTS.resolve("blog-%s-%s-%s.png".formatted(name, screen.name(), scheme)),
                Base64.getDecoder().decode((String) shot.get("data")));
    }
}
