package whirlwind.tools.autoreload;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts another program into this process, which keeps its id, its terminal and its parent. */
@SuppressWarnings("restricted") // what this class is for
final class Exec {
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    /** Commands and flags of fcntl(2), the same on all systems. */
    private static final int F_SETFD = 2;

    private static final int FD_CLOEXEC = 1;
    private static final int FIRST_THAT_IS_NOT_STANDARD = 3;

    private Exec() {}

    static boolean isPossible() {
        return !System.getProperty("os.name").startsWith("Windows");
    }

    /**
     * Doesn't return. Descriptors are closed but for standard input, output and error; the JVM's
     * shutdown hooks don't run.
     *
     * @throws IOException if the system refuses
     */
    static void replaceBy(List<String> command) throws IOException {
        closeDescriptorsOnExec();
        var execv =
                function(
                        "execv",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try (var arena = Arena.ofConfined()) {
            var arguments = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
            for (int i = 0; i < command.size(); i++) {
                arguments.setAtIndex(ValueLayout.ADDRESS, i, text(arena, command.get(i)));
            }
            arguments.setAtIndex(ValueLayout.ADDRESS, command.size(), MemorySegment.NULL);
            int _ = (int) execv.invokeExact(text(arena, command.getFirst()), arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        throw new IOException("the system refuses to run " + command.getFirst());
    }

    /** Ports are free then, and locks. */
    private static void closeDescriptorsOnExec() throws IOException {
        var fcntl =
                function(
                        "fcntl",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
        try (var open = Files.list(Path.of("/dev/fd"))) {
            open.map(path -> Integer.parseInt(path.getFileName().toString()))
                    .filter(number -> number >= FIRST_THAT_IS_NOT_STANDARD)
                    .forEach(number -> {
                        try {
                            int _ = (int) fcntl.invokeExact((int) number, F_SETFD, FD_CLOEXEC);
                        } catch (Throwable e) {
                            throw new AssertionError(e);
                        }
                    });
        }
    }

    private static MethodHandle function(
            String name, FunctionDescriptor signature, Linker.Option... options) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature, options);
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, (text + '\0').getBytes(NATIVE));
    }
}
