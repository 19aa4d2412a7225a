package whirlwind.curl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * C functions for libcurl to call, as addresses. They are called inside of calls to libcurl, on the
 * same thread, and may neither wait nor throw: an exception that left one would end the JVM.
 */
final class Callbacks {
    /** Whom they call. */
    interface Target {
        int socket(long easy, int socket, int what);

        void timer(long millis);

        @Nullable Transfer transfer(long id);
    }

    private static final FunctionDescriptor DATA =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final Target target;
    final long socket;
    final long timer;
    final long write;
    final long header;
    final long read;
    final long beforeRequest;

    Callbacks(Target target, Arena arena) {
        this.target = target;
        socket =
                function(
                        "onSocket",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
                        arena);
        timer =
                function(
                        "onTimer",
                        FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                        arena);
        write = function("onWrite", DATA, arena);
        header = function("onHeader", DATA, arena);
        read = function("onRead", DATA, arena);
        beforeRequest =
                function(
                        "onBeforeRequest",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT),
                        arena);
    }

    private long function(String name, FunctionDescriptor type, Arena arena) {
        try {
            MethodType java = type.toMethodType();
            var method = MethodHandles.lookup().findVirtual(Callbacks.class, name, java);
            return Libcurl.upcall(method.bindTo(this), type, arena);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    int onSocket(long easy, int socket, int what, long ours, long socketData) {
        return target.socket(easy, socket, what);
    }

    int onTimer(long multi, long millis, long ours) {
        target.timer(millis);
        return 0;
    }

    long onWrite(long data, long size, long count, long id) {
        var transfer = target.transfer(id);
        return transfer == null ? 0 : transfer.body(data, size * count);
    }

    long onHeader(long data, long size, long count, long id) {
        var transfer = target.transfer(id);
        return transfer == null ? 0 : transfer.header(data, size * count);
    }

    long onRead(long buffer, long size, long count, long id) {
        var transfer = target.transfer(id);
        return transfer == null ? Code.READ_ABORT : transfer.read(buffer, size * count);
    }

    int onBeforeRequest(long id, long peer, long local, int peerPort, int localPort) {
        var transfer = target.transfer(id);
        return transfer == null ? 1 : transfer.beforeRequest();
    }
}
