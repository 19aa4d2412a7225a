package whirlwind.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.PipeStream;
import whirlwind.net.channel.Descriptor;
import whirlwind.transport.LoopIo;

/**
 * The pipes between this process and a program that it starts. The JDK's own have no descriptors
 * that a loop could watch, only streams that block. So we make pipes, and the program's ends are
 * given to the JDK as files: it opens {@code /dev/fd/N} for the program, which doesn't share our
 * flags then, and closes everything else in it.
 */
final class Pipes {
    private final List<Integer> theirs = new ArrayList<>();
    private final List<Integer> ours = new ArrayList<>();
    private int stdin = -1;
    private int stdout = -1;
    private int stderr = -1;

    /** A copy of a builder, with our pipes where it has some. */
    ProcessBuilder connect(ProcessBuilder builder) throws IOException {
        var copy =
                new ProcessBuilder(builder.command())
                        .directory(builder.directory())
                        .redirectErrorStream(builder.redirectErrorStream())
                        .redirectInput(builder.redirectInput())
                        .redirectOutput(builder.redirectOutput())
                        .redirectError(builder.redirectError());
        copy.environment().clear();
        copy.environment().putAll(builder.environment());
        if (builder.redirectInput() == Redirect.PIPE) {
            var pipe = open();
            stdin = mine(pipe.writeEnd());
            copy.redirectInput(Redirect.from(its(pipe.readEnd())));
        }
        if (builder.redirectOutput() == Redirect.PIPE) {
            var pipe = open();
            stdout = mine(pipe.readEnd());
            copy.redirectOutput(Redirect.to(its(pipe.writeEnd())));
        }
        if (builder.redirectError() == Redirect.PIPE && !builder.redirectErrorStream()) {
            var pipe = open();
            stderr = mine(pipe.readEnd());
            copy.redirectError(Redirect.to(its(pipe.writeEnd())));
        }
        return copy;
    }

    /** On a loop that can't watch descriptors, before there are any. */
    private static Descriptor.Pipe open() throws IOException {
        IOLoop.current().io().checkDescriptors();
        return Descriptor.pipe();
    }

    private int mine(int descriptor) {
        ours.add(descriptor);
        return descriptor;
    }

    private File its(int descriptor) {
        theirs.add(descriptor);
        return new File("/dev/fd/" + descriptor);
    }

    @Nullable PipeStream stdin() {
        return stream(stdin);
    }

    @Nullable PipeStream stdout() {
        return stream(stdout);
    }

    @Nullable PipeStream stderr() {
        return stream(stderr);
    }

    private @Nullable PipeStream stream(int descriptor) {
        return descriptor < 0 ? null : new PipeStream(descriptor);
    }

    /** When the program has its ends, or there is no program. */
    void closeTheirs() {
        theirs.forEach(LoopIo::closeDescriptor);
    }

    /** When there is no program. */
    void closeOurs() {
        ours.forEach(LoopIo::closeDescriptor);
    }
}
