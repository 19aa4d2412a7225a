package whirlwind.loop;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The watchdog's record of one stall, for Java Flight Recorder. */
@Name("whirlwind.LoopStall")
@Label("Loop Stall")
@Category("Whirlwind")
@Description("One callback or coroutine held its loop for longer than the threshold")
@StackTrace(false)
final class LoopStallEvent extends Event {
    @Label("Loop")
    String loop = "";

    @Label("Held By")
    String heldBy = "";

    @Label("Held For")
    @Timespan(Timespan.NANOSECONDS)
    long heldNanos;

    @Label("Stack")
    String stack = "";
}
