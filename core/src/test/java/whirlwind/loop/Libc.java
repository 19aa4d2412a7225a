package whirlwind.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls of the C library on plain file descriptors. */
final class Libc {
    private static final int O_NONBLOCK = 0x800;

    private static final MethodHandle PIPE =
            function(
                    "pipe2",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle EVENTFD =
            function(
                    "eventfd",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle READ = transfer("read");
    private static final MethodHandle WRITE = transfer("write");
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Libc() {}

    /** A pipe: what is written to one end is read from the other. Neither blocks. */
    record Pipe(int readEnd, int writeEnd) implements AutoCloseable {
        static Pipe open() {
            try (var arena = Arena.ofConfined()) {
                var ends = arena.allocate(ValueLayout.JAVA_INT, 2);
                check((int) PIPE.invokeExact(ends, O_NONBLOCK));
                return new Pipe(
                        ends.getAtIndex(ValueLayout.JAVA_INT, 0),
                        ends.getAtIndex(ValueLayout.JAVA_INT, 1));
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Writes one byte; false if the pipe is full or broken. */
        boolean write() {
            return transfer(WRITE, writeEnd, 1) == 1;
        }

        /** Reads one byte; false if there is none. */
        boolean read() {
            return transfer(READ, readEnd, 1) == 1;
        }

        @Override
        public void close() {
            Libc.close(readEnd);
            Libc.close(writeEnd);
        }
    }

    /** An event counter that doesn't block. */
    static int eventfd() {
        try {
            return check((int) EVENTFD.invokeExact(0, O_NONBLOCK));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void addToEventfd(int fd) {
        transfer(WRITE, fd, 8);
    }

    static boolean readEventfd(int fd) {
        return transfer(READ, fd, 8) == 8;
    }

    /** False if the descriptor wasn't open. */
    static boolean close(int fd) {
        try {
            return (int) CLOSE.invokeExact(fd) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long transfer(MethodHandle call, int fd, long size) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(size);
            bytes.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            return (long) call.invokeExact(fd, bytes, size);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int check(int result) {
        if (result < 0) {
            throw new AssertionError("the call failed");
        }
        return result;
    }

    private static MethodHandle transfer(String name) {
        return function(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG));
    }

    @SuppressWarnings("restricted") // what this class is for
    private static MethodHandle function(String name, FunctionDescriptor type) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
