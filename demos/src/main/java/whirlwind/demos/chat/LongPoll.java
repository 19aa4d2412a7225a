package whirlwind.demos.chat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.demos.chat.FromPage.Hello;
import whirlwind.demos.chat.FromPage.Say;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;
import whirlwind.realtime.longpoll.LongPolls;
import whirlwind.web.Application;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/**
 * The chat over long polling: a page asks for what is new, and the answer waits until there is
 * something.
 *
 * <p>{@code POST /join} takes a hello and answers with a welcome; {@code POST /messages} takes a
 * message and answers with an empty list, or a list with a refusal; {@code GET /messages?after=ID}
 * answers with the events after one, an empty list if there was none for a while. The header {@code
 * X-Session} says who asks; 410 means that the session is not here (any more), or too far behind,
 * and that the page has to join again.
 */
public final class LongPoll {
    /** Whoever asks nothing for this time has left. */
    private static final Duration ABSENCE = Duration.ofSeconds(5);

    private final LongPolls polls = new LongPolls();
    private final Room room = new Room(IOLoop.current()::time, event -> polls.wake());
    private final Map<String, Presence> presences = new HashMap<>(); // by session

    private LongPoll() {}

    /** The application, on no port yet. */
    public static Application application() {
        var chat = new LongPoll();
        return ChatPage.addTo(new Application(), "longpoll.js", "polling.js")
                .route("/join", () -> chat.new JoinHandler())
                .route("/messages", () -> chat.new MessagesHandler());
    }

    /** Somebody is here as long as they ask. */
    private final class Presence {
        private final String session;
        private int asking;
        private @Nullable Timeout absence;

        Presence(String session) {
            this.session = session;
        }

        void asks() {
            asking++;
            expectNothing();
        }

        void isAnswered() {
            if (--asking == 0) {
                expectQuestion();
            }
        }

        void expectQuestion() {
            expectNothing();
            absence =
                    IOLoop.current()
                            .callLater(
                                    ABSENCE,
                                    () -> {
                                        presences.remove(session);
                                        room.leave(session);
                                    });
        }

        private void expectNothing() {
            if (absence != null) {
                absence.cancel();
            }
        }
    }

    private final class JoinHandler extends RequestHandler {
        @Override
        protected void post() {
            var hello = body(Hello.class);
            writeJson(room.enter(hello));
            presences.computeIfAbsent(hello.session(), Presence::new).expectQuestion();
        }
    }

    private final class MessagesHandler extends RequestHandler {
        @Override
        protected void post() {
            var say = body(Say.class);
            writeJson(room.say(presence().session, say).stream().toArray(FromRoom[]::new));
        }

        /**
         * Waits for news; if the page goes away meanwhile, the wait is cancelled, and so is this
         * coroutine.
         */
        @Override
        protected void get() throws Exception {
            var presence = presence();
            long after = after();
            if (!room.remembersSince(after)) {
                throw new HttpError(410);
            }
            presence.asks();
            try {
                var events = polls.await(this, () -> room.eventsAfter(after));
                writeJson(events.toArray(FromRoom[]::new)); // a list would not say of what
            } finally {
                presence.isAnswered();
            }
        }

        private long after() {
            try {
                return Long.parseLong(getQueryArgument("after"));
            } catch (NumberFormatException e) {
                throw new HttpError(400, "after: " + e.getMessage());
            }
        }

        private Presence presence() {
            var session = request().headers().get("X-Session");
            var presence = session == null ? null : presences.get(session);
            if (presence == null) {
                throw new HttpError(410);
            }
            return presence;
        }
    }
}
