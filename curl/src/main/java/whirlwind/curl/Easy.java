package whirlwind.curl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** An easy handle of libcurl, used for one request after the other. */
final class Easy {
    private static final int ERROR_SIZE = 256;

    final long handle = Libcurl.easyInit();

    /** What callbacks are given in place of a pointer to their data; not 0. */
    final int id;

    final MemorySegment error;

    /** The request that it is used for. */
    @Nullable Transfer transfer;

    Easy(int id, Arena arena) {
        this.id = id;
        this.error = arena.allocate(ERROR_SIZE);
    }

    /** What libcurl said about the failure of this transfer; may be empty. */
    String errorText() {
        return error.getString(0).strip();
    }

    /** Forgets all options; connections are kept, for they are the multi handle's. */
    void reset() {
        transfer = null;
        error.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
        Libcurl.easyReset(handle);
    }
}
