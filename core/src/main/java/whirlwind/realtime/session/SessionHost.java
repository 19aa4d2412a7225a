package whirlwind.realtime.session;

import whirlwind.loop.IOLoop;

/** What sessions are for, on one loop: the side that their frames come to. */
public interface SessionHost {
    /** The loop that it is on. Any thread. */
    IOLoop io();

    /**
     * Runs something on the loop: now, if this is it. If the loop has closed, it runs here, and
     * finds that all have gone: so whoever waits for it doesn't wait in vain. Any thread.
     */
    void run(Runnable action);

    /** The sessions of this loop and all others. Any thread. */
    Sessions sessions();

    /** A client has come. On the loop. */
    Session newSession(Session.Start start);

    /** Whether pages of this origin, which is not the server's own, may begin sessions. */
    boolean allowsOrigin(String origin);

    /** The largest frame that a client may send, in characters. */
    int maxFrameSize();
}
