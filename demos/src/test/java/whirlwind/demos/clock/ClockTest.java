package whirlwind.demos.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.sse.EventSource;
import whirlwind.testing.VirtualTime;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClockTest {
    private static void pass(RunningDemo demo, VirtualTime time, Duration duration) {
        demo.onLoop(() -> {
            time.advance(duration);
            return null;
        });
    }

    @Test
    void itTellsTheTimeOnceAndThenEverySecond() throws Exception {
        var time = new VirtualTime();
        try (var demo = RunningDemo.start(time::newLoop, Clock::application);
                var loop = new IOLoop()) {
            loop.runSync(() -> {
                try (var source = EventSource.open(demo.uri("/events").toString())) {
                    var first = source.next();
                    long second = demo.onLoop(() -> IOLoop.current().time().getEpochSecond());
                    assertThat(first.name()).isEqualTo("tick");
                    pass(demo, time, Duration.ofSeconds(2));
                    assertThat(source.next().id()).isEqualTo(Long.toString(second + 1));
                    assertThat(source.next().id()).isEqualTo(Long.toString(second + 2));
                }
                return true;
            });
        }
    }

    /** In Chromium, whose EventSource is the reference. */
    @Test
    void aPageShowsItAndComesBackWhenTheServerDoes(@TempDir Path profile) throws Exception {
        var demo = RunningDemo.start(Clock::application);
        int port = demo.port();
        try (var browser = new Browser(profile)) {
            browser.open(demo.uri("/").toString());
            var state = browser.driver().findElement(By.id("state"));
            var time = browser.driver().findElement(By.id("time"));
            Eventually.becomes("Connected", state::getText);
            var seen = time.getDomAttribute("datetime");
            Eventually.becomes(
                    true,
                    () -> !Set.of("", "" + seen).contains("" + time.getDomAttribute("datetime")));
            demo.close();
            Eventually.becomes("Connection lost: trying again", state::getText);
            demo = RunningDemo.start(Clock::application, port);
            Eventually.becomes("Connected", state::getText);
        } finally {
            demo.close();
        }
    }
}
