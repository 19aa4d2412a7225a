package whirlwind.escape;

import java.util.concurrent.Future;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/** Refuses a future that somebody forgot to await, of which Jackson would show the state. */
final class UnawaitedSerializer extends StdSerializer<Future<?>> {
    UnawaitedSerializer() {
        super(Future.class);
    }

    @Override
    public void serialize(Future<?> future, JsonGenerator out, SerializationContext context) {
        throw DatabindException.from(out, "a future, not what it gives: Async.await it");
    }
}
