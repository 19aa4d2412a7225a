package whirlwind.demos.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.Screens;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SignInTest {

    /** In Chromium, which decides by itself what cookies go along and where forms may lead. */
    @Test
    void aUserSignsInDeclinesAndSignsOut(@TempDir Path profile) throws Exception {
        try (var demo = RunningDemo.start(SignIn::application);
                var browser = new Browser(profile)) {
            browser.open(demo.uri("/").toString());
            Screens.look(browser.driver(), "signin");

            click(browser, "Sign in with the practice provider");
            becomes(browser, "h1", "Who are you?");
            click(browser, "I don't want to");
            becomes(browser, "[role=status]", "You are not signed in: you didn't want to.");

            click(browser, "Your account");
            click(browser, "I am Ada");
            becomes(browser, "h1", "Your account");
            becomes(browser, "dd:last-child", "ada");
            assertThat(browser.driver().getCurrentUrl()).isEqualTo(demo.uri("/account").toString());

            click(browser, "Back");
            becomes(browser, "h1", "Hello, Ada");
            browser.driver().findElement(By.tagName("button")).click();
            becomes(browser, "h1", "Hello, whoever you are");
        }
    }

    /** Clicks a link once it is there: the page may still be the one before. */
    private static void click(Browser browser, String link) {
        var place = By.linkText(link);
        Eventually.becomes(true, () -> browser.driver().findElement(place).isDisplayed());
        browser.driver().findElement(place).click();
    }

    private static void becomes(Browser browser, String selector, String text) {
        Eventually.becomes(
                text, () -> browser.driver().findElement(By.cssSelector(selector)).getText());
    }

    @Test
    void withAKeyOfGooglesUsersAreSentThere() throws Exception {
        try (var demo = RunningDemo.start(() -> SignIn.application("a-key", "a-secret"));
                var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(
                            HttpRequest.newBuilder(demo.uri("/sign-in")).build(),
                            BodyHandlers.discarding());
            assertThat(answer.headers().firstValue("Location").orElseThrow())
                    .startsWith("https://accounts.google.com/o/oauth2/v2/auth?")
                    .contains("client_id=a-key", "signed-in", "scope=openid+email+profile")
                    .doesNotContain("a-secret");
        }
    }
}
