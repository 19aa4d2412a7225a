package whirlwind.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import whirlwind.loop.IOLoop;

class LostAssertionsTest {
    @Test
    void whatFailsInACallbackIsFoundAlthoughItIsOnlyLogged() {
        try (var log = LogCapture.of("whirlwind.loop", Level.ERROR);
                var loop = new IOLoop()) {
            loop.addCallback(() -> assertThat("in a callback").isEmpty());
            loop.addCallback(loop::stop);
            loop.start();
            assertThat(log.events()).hasSize(1);
        }
        assertThatThrownBy(LostAssertions::throwThem)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("in a callback");
        LostAssertions.throwThem(); // nothing is left
    }

    @Test
    void whatFailsInAThreadIsFound() throws Exception {
        Thread.ofPlatform().start(() -> assertThat("first").isEmpty()).join();
        Thread.ofVirtual().start(() -> assertThat("second").isEmpty()).join();
        assertThatThrownBy(LostAssertions::throwThem)
                .hasMessageContaining("first")
                .satisfies(first ->
                        assertThat(first.getSuppressed()[0]).hasMessageContaining("second"));
    }
}
