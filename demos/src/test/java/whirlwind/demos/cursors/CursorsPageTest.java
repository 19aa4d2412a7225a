package whirlwind.demos.cursors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.Screens;

/** Two people on one page, in real browsers: each has a profile of its own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CursorsPageTest {
    @TempDir private static Path adasProfile;
    @TempDir private static Path bobsProfile;

    private static Browser ada;
    private static Browser bob;
    private RunningDemo demo = RunningDemo.start(Cursors::application);

    @BeforeAll
    static void startBrowsers() {
        ada = new Browser(adasProfile);
        bob = new Browser(bobsProfile);
    }

    @AfterAll
    static void stopBrowsers() {
        for (var browser : new Browser[] {ada, bob}) {
            if (browser != null) {
                browser.close();
            }
        }
    }

    @BeforeEach
    void meet() {
        bob.driver().manage().logs().get(LogType.BROWSER); // of an earlier test's restart
        open(ada, "Ada");
        open(bob, "Bob");
        awaitPeople(ada, "Ada", "Bob");
        awaitPeople(bob, "Bob", "Ada");
    }

    @AfterEach
    void stop() throws InterruptedException {
        ada.closeWindows();
        bob.closeWindows();
        demo.close();
    }

    private void open(Browser browser, String name) {
        browser.open(demo.uri("/").toString());
        Eventually.becomes(true, () -> browser.driver().findElement(By.id("me")).isDisplayed());
        rename(browser, name);
    }

    private static void rename(Browser browser, String name) {
        var me = browser.driver().findElement(By.id("me"));
        me.sendKeys(Keys.chord(Keys.CONTROL, "a"), name, Keys.ENTER);
    }

    private static void awaitPeople(Browser browser, String... names) {
        Eventually.becomes(
                List.of(names),
                () ->
                        browser.driver()
                                .executeScript(
                                        "return [...document.querySelectorAll('.person')].map(person =>"
                                                + " person.querySelector('input')?.value ?? person.querySelector('bdi').textContent)"));
    }

    private static void awaitState(String state) {
        for (var browser : List.of(ada, bob)) {
            var shown = By.id("state");
            Eventually.becomes(
                    state, () -> browser.driver().findElement(shown).getDomAttribute("data-state"));
        }
    }

    /** Names and places of the others' cursors, in hundredths of the field, to the next five. */
    private static Object cursors(ChromeDriver driver) {
        return driver.executeScript(
                """
                const { width, height, left, top } = document.getElementById('field').getBoundingClientRect();
                return [...document.querySelectorAll('.cursor')].map(cursor => {
                  const at = cursor.querySelector('path').getBoundingClientRect();
                  return `${cursor.querySelector('bdi').textContent} ${5 * Math.round((at.left - left) * 20 / width)} ${5 * Math.round((at.top - top) * 20 / height)}`;
                });
                """);
    }

    /** Points at a place, in hundredths of the field. */
    private static void point(Browser browser, int x, int y) {
        var field = browser.driver().findElement(By.id("field"));
        var size = field.getSize();
        new Actions(browser.driver())
                .moveToElement(field, size.width * (x - 50) / 100, size.height * (y - 50) / 100)
                .perform();
    }

    @Test
    void eachSeesWhereTheOtherPoints() {
        point(ada, 25, 75);
        Eventually.becomes(List.of("Ada 25 75"), () -> cursors(bob.driver()));
        point(ada, 60, 10);
        Eventually.becomes(List.of("Ada 60 10"), () -> cursors(bob.driver()));
        point(bob, 10, 20);
        Eventually.becomes(List.of("Bob 10 20"), () -> cursors(ada.driver()));
    }

    @Test
    void twoWindowsAreOnePerson() {
        ada.open(demo.uri("/").toString());
        awaitPeople(bob, "Bob", "Ada");
        awaitPeople(ada, "Ada", "Bob");
        Eventually.becomes("× 2", () -> ada.driver().findElement(By.id("windows")).getText());
        ada.driver().close();
        ada.driver().switchTo().window(ada.driver().getWindowHandles().stream().toList().getLast());
        awaitPeople(bob, "Bob", "Ada");
    }

    @Test
    void whoLeavesTakesTheirCursorAlong() {
        point(ada, 25, 75);
        Eventually.becomes(List.of("Ada 25 75"), () -> cursors(bob.driver()));
        ada.closeWindows();
        awaitPeople(bob, "Bob");
        assertThat(cursors(bob.driver())).isEqualTo(List.of());
        assertThat(bob.driver().findElement(By.id("headline")).getText())
                .isEqualTo("Only you are here");
    }

    @Test
    void aRestartBringsEverybodyBack() throws InterruptedException {
        demo.close();
        awaitState("waiting");
        demo = RunningDemo.start(Cursors::application, demo.port());
        awaitState("open");
        awaitPeople(ada, "Ada", "Bob");
        awaitPeople(bob, "Bob", "Ada");
        // Where one points is told once, and nobody may have subscribed again yet.
        var x = new AtomicInteger(10);
        Eventually.becomes(
                false,
                () -> {
                    point(ada, x.updateAndGet(before -> 100 - before), 20);
                    return List.of().equals(cursors(bob.driver()));
                });
        point(ada, 50, 50);
        Eventually.becomes(List.of("Ada 50 50"), () -> cursors(bob.driver()));
    }

    @Test
    void itFitsEveryScreen() throws IOException {
        point(ada, 30, 30);
        Eventually.becomes(List.of("Ada 30 30"), () -> cursors(bob.driver()));
        Screens.look(bob.driver(), "cursors");
        assertThat(bob.driver().manage().logs().get(LogType.BROWSER).getAll())
                .as("what the browser complains of, such as a forbidden style")
                .isEmpty();
    }
}
