package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.http.WebSocketMessage;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.realtime.websocket.Conversations.Echo;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/** Handlers that read messages as a sequence. */
@Timeout(60)
class WebSocketReadMessageTest {
    /** Greets whom the first message names, echoes the others, and tells what it saw. */
    private static final class Reader extends WebSocketHandler {
        private final BlockingQueue<String> seen;

        Reader(BlockingQueue<String> seen) {
            this.seen = seen;
        }

        @Override
        protected void open() throws Exception {
            if (readMessage() instanceof WebSocketMessage.Text(var name)) {
                writeMessage("hello, " + name);
            }
            while (readMessage() instanceof WebSocketMessage.Text(var text)) {
                writeMessage(text);
            }
            seen.add("end of open");
        }

        @Override
        protected void onMessage(String message) {
            seen.add("onMessage " + message);
        }

        @Override
        protected void onPing(byte[] data) {
            seen.add("ping " + data.length);
        }

        @Override
        protected void onClose() {
            seen.add("onClose " + closeCode());
        }
    }

    @Test
    void readMessageTakesMessagesInOrderAndEndsWithTheConversation() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var served = Conversations.serve(() -> new Reader(seen))) {
            var client = new JdkClient(served, "/ws");
            client.say("Ann").say("one").say("two");
            assertThat(List.of(client.told.take(), client.told.take(), client.told.take()))
                    .containsExactly("hello, Ann", "one", "two");
            client.socket.sendClose(1000, "").join();
            assertThat(seen.take()).isEqualTo("end of open");
            assertThat(seen.take()).isEqualTo("onClose 1000");
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void controlMessagesAreHandledWhileReadMessageWaits() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var served = Conversations.serve(() -> new Reader(seen))) {
            var client = new JdkClient(served, "/ws");
            client.socket.sendPing(ByteBuffer.wrap(new byte[3])).join();
            assertThat(seen.take()).isEqualTo("ping 3");
            assertThat(client.say("Bob").told.take()).isEqualTo("pong 3");
            assertThat(client.told.take()).isEqualTo("hello, Bob");
        }
    }

    @Test
    void readMessageCanBeGivenUpAndMessagesGoToTheCallbackThen() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        class Impatient extends Echo {
            @Override
            protected void open() {
                try {
                    Async.withTimeout(Duration.ofMillis(5), this::readMessage);
                } catch (AsyncTimeoutException e) {
                    seen.add("timeout");
                }
            }
        }
        try (var served = Conversations.serve(Impatient::new)) {
            var client = new JdkClient(served, "/ws");
            assertThat(seen.take()).isEqualTo("timeout");
            assertThat(client.say("to the callback").told.take()).isEqualTo("to the callback");
        }
    }

    @Test
    void readMessageLetsGoOfTheRequestAndKeepsTheApplication() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        var app = new Application();
        app.route(
                "/ws",
                () ->
                        new Echo() {
                            @Override
                            protected void open() throws Exception {
                                seen.add(request().path());
                                readMessage();
                                assertThatThrownBy(this::request)
                                        .isInstanceOf(IllegalStateException.class);
                                seen.add("application " + (application() == app));
                            }
                        });
        try (var served = ServedApplication.of(app)) {
            new JdkClient(served, "/ws").say("go on");
            assertThat(seen.take()).isEqualTo("/ws");
            assertThat(seen.take()).isEqualTo("application true");
        }
    }

    @Test
    void readMessageInAnotherCoroutineIsRefused() throws Exception {
        var failure = new CompletableFuture<String>();
        class Misplaced extends Echo {
            @Override
            protected void open() {
                Async.spawn(this::read);
            }

            private void read() throws Exception {
                try {
                    readMessage();
                } catch (IllegalStateException e) {
                    failure.complete(e.getMessage());
                }
            }
        }
        try (var served = Conversations.serve(Misplaced::new)) {
            new JdkClient(served, "/ws");
            assertThat(failure.get()).contains("readMessage is for the coroutine that runs open()");
        }
    }
}
