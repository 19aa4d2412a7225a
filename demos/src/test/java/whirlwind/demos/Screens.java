package whirlwind.demos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.chrome.ChromeDriver;

/** Looks at the current page on a phone and on a desk, by day and by night. */
public final class Screens {
    private static final Path PICTURES = Path.of("target/screenshots");

    private record Screen(String name, int width, int height, boolean phone) {
        Map<String, Object> metrics() {
            return Map.of(
                    "width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone);
        }
    }

    private static final List<Screen> SCREENS =
            List.of(new Screen("phone", 320, 640, true), new Screen("desktop", 1280, 800, false));

    private Screens() {}

    /**
     * Takes a picture of each, in {@code target/screenshots}; nothing may be wider than the screen.
     */
    public static void look(ChromeDriver driver, String name) throws IOException {
        Files.createDirectories(PICTURES);
        for (var screen : SCREENS) {
            for (var scheme : List.of("light", "dark")) {
                driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", screen.metrics());
                var preference = Map.of("name", "prefers-color-scheme", "value", scheme);
                driver.executeCdpCommand(
                        "Emulation.setEmulatedMedia", Map.of("features", List.of(preference)));
                // Two frames later it has been laid out, painted, and what moves has moved.
                driver.executeAsyncScript(
                        """
                        const done = arguments[0];
                        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)));
                        """);
                assertThat(
                                (Long)
                                        driver.executeScript(
                                                "const { scrollWidth, clientWidth } = document.documentElement;"
                                                        + " return scrollWidth - clientWidth"))
                        .as("pixels of %s that a %s has no room for", name, screen.name())
                        .isZero();
                var shot = driver.executeCdpCommand("Page.captureScreenshot", Map.of());
                Files.write(
                        PICTURES.resolve("%s-%s-%s.png".formatted(name, screen.name(), scheme)),
                        Base64.getDecoder().decode((String) shot.get("data")));
            }
        }
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }
}
