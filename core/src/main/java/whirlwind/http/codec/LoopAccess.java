package whirlwind.http.codec;

import whirlwind.loop.IOLoop;

/** Keeps to one loop what is confined to it. */
public final class LoopAccess {
    private LoopAccess() {}

    /** Throws unless the caller is run by the loop; {@code what} is what it called. */
    public static void check(IOLoop loop, String what) {
        if (!loop.isCurrent()) {
            throw new IllegalStateException(
                    what
                            + " was called from "
                            + Thread.currentThread()
                            + ", which "
                            + loop.name()
                            + " doesn't run: use IOLoop.addCallback");
        }
    }
}
