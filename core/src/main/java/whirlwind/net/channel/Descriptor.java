package whirlwind.net.channel;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/** A file descriptor of Unix that doesn't block: of a pipe, a terminal, or the like. */
public final class Descriptor {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Commands and flags of fcntl(2), of which O_NONBLOCK differs between systems. */
    private static final int F_GETFL = 3;

    private static final int F_SETFL = 4;
    private static final int O_ACCMODE = 3;
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_NONBLOCK = LINUX ? 0x800 : 0x4;

    @SuppressWarnings("restricted") // the module may: its jar says so
    private static final MethodHandle FCNTL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("fcntl"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT),
                            Linker.Option.firstVariadicArg(2));

    private final FileDescriptor descriptor;
    private final int mode;

    /** The ends of a pipe: what is written to one can be read from the other. */
    public record Pipe(int readEnd, int writeEnd) {}

    private Descriptor(FileDescriptor descriptor, int mode) {
        this.descriptor = descriptor;
        this.mode = mode;
    }

    /**
     * A descriptor that is open, and doesn't block from now on.
     *
     * @throws IllegalArgumentException if it is not open
     */
    public static Descriptor of(int number) {
        int flags = fcntl(number, F_GETFL, 0);
        if (flags < 0 || fcntl(number, F_SETFL, flags | O_NONBLOCK) < 0) {
            throw new IllegalArgumentException("descriptor " + number + " is not open");
        }
        return new Descriptor(new FileDescriptor(number), flags & O_ACCMODE);
    }

    /** A new pipe. */
    public static Pipe pipe() throws IOException {
        var ends = FileDescriptor.pipe();
        return new Pipe(ends[0].intValue(), ends[1].intValue());
    }

    private static int fcntl(int number, int command, int argument) {
        try {
            return (int) FCNTL.invokeExact(number, command, argument);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Its number. */
    public int number() {
        return descriptor.intValue();
    }

    /** Whether it was opened for reading. */
    public boolean isReadable() {
        return mode != O_WRONLY;
    }

    /** Whether it was opened for writing. */
    public boolean isWritable() {
        return mode != O_RDONLY;
    }

    /** Reads into a direct buffer; 0 if nothing is there, -1 at the end. */
    public int read(ByteBuffer target) throws IOException {
        int count = descriptor.read(target, target.position(), target.limit());
        target.position(target.position() + Math.max(0, count));
        return count;
    }

    /** Writes from a direct buffer; 0 if nothing fits in. */
    public int write(ByteBuffer source) throws IOException {
        int count = descriptor.write(source, source.position(), source.limit());
        source.position(source.position() + count);
        return count;
    }

    /** Closes it. */
    public void close() throws IOException {
        descriptor.close();
    }
}
