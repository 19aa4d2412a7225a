package whirlwind.demos.chat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import whirlwind.demos.Eventually;
import whirlwind.demos.Screens;

/** The page of the chat in a window, as its visitor uses it. */
record ChatWindow(ChromeDriver driver, String window) {
    /** What a visitor sees of a message. */
    record Message(String name, String text, boolean own) {}

    private ChromeDriver here() {
        driver.switchTo().window(window);
        return driver;
    }

    private WebElement element(String id) {
        return here().findElement(By.id(id));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the script says the type
    private <T> T script(String script, Object... arguments) {
        return (T) here().executeScript(script, arguments);
    }

    /** Makes the window as narrow as a phone. */
    ChatWindow asPhone() {
        here().executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of(
                                "width",
                                360,
                                "height",
                                740,
                                "deviceScaleFactor",
                                2,
                                "mobile",
                                true));
        return this;
    }

    /** Comes in with a name, and waits to be let in. */
    ChatWindow join(String name) {
        Eventually.becomes(true, () -> element("join").getDomProperty("open").equals("true"));
        element("name").clear(); // it remembers the last visitor's
        element("name").sendKeys(name, Keys.ENTER);
        awaitState("open");
        return this;
    }

    void awaitState(String state) {
        Eventually.becomes(state, () -> element("state").getDomAttribute("data-state"));
    }

    /** Takes pictures; see {@link Screens#look}. */
    void look(String name) throws IOException {
        Screens.look(here(), name);
    }

    /** Takes another name. */
    void rename(String name) {
        element("rename").click();
        join(name);
    }

    /** Goes to another room, and waits to be there. */
    void enter(String room) {
        here().findElement(By.cssSelector("#rooms [href='#" + room + "']")).click();
        Eventually.becomes(
                room,
                () ->
                        here().findElement(By.cssSelector("#rooms [aria-current]"))
                                .getDomProperty("textContent"));
    }

    void type(String text) {
        element("text").sendKeys(text);
    }

    /** Who types, as the page says it. */
    String typing() {
        return element("typing").getDomProperty("textContent");
    }

    void say(String text) {
        element("text").sendKeys(text, Keys.ENTER);
    }

    String typedText() {
        return element("text").getDomProperty("value");
    }

    List<Message> messages() {
        List<List<Object>> rows =
                script(
                        """
                        return [...document.querySelectorAll('#messages .message')].map(row => [
                          row.querySelector('bdi').textContent,
                          row.querySelector('.bubble').textContent,
                          row.classList.contains('own')])\
                        """);
        return rows.stream()
                .map(row ->
                        new Message((String) row.get(0), (String) row.get(1), (boolean) row.get(2)))
                .toList();
    }

    void awaitMessages(Message... expected) {
        Eventually.becomes(List.of(expected), this::messages);
    }

    void awaitPeople(String... expected) {
        Eventually.becomes(List.of(expected), this::people);
    }

    private List<String> people() {
        return script(
                "return [...document.querySelectorAll('#people bdi')].map(name => name.textContent)");
    }

    /** How many messages wait to be sent. */
    long unsent() {
        return script("return document.querySelectorAll('#outbox .message').length");
    }

    /** Whether something is wider than the window. */
    boolean scrollsSideways() {
        return script(
                """
                return [document.documentElement, document.getElementById('scroller')]
                  .some(box => box.scrollWidth > box.clientWidth)
                  || document.documentElement.clientWidth > innerWidth\
                """);
    }

    /** The value of a global variable of the page, null if there is none. */
    Object global(String name) {
        return script("return window[arguments[0]] ?? null", name);
    }

    void close() {
        here().close();
    }
}
