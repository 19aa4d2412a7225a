package whirlwind.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/** Shows one response while it comes. */
final class Printer implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    /** What of a response is shown. */
    enum Part {
        /** The head. */
        HEADERS,
        /** What follows it. */
        BODY,
        /** All of it. */
        BOTH
    }

    private final OutputStream out;
    private final PrintStream err;
    private final @Nullable Path output;
    private final Part part;
    private final boolean terminal;
    private @Nullable OutputStream file;
    private @Nullable Progress progress;
    private boolean successful;
    private boolean startLineSeen;
    private long announced = -1;

    Printer(OutputStream out, PrintStream err, @Nullable Path output, Part part, boolean terminal) {
        this.out = out;
        this.err = err;
        this.output = output;
        this.part = part;
        this.terminal = terminal;
    }

    /** In a coroutine: fetches, and returns when all is printed. */
    HttpResponse print(AsyncHttpClient client, HttpRequest request) {
        return Async.await(
                client.fetch(
                        request.withHeaderCallback(this::head).withStreamingCallback(this::body)));
    }

    private void head(String line) {
        if (part != Part.BODY) {
            write(out, line.getBytes(StandardCharsets.ISO_8859_1));
        }
        if (!startLineSeen) {
            startLineSeen = true;
            successful = line.split(" ", -1)[1].startsWith("2");
        } else if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
            announced = Long.parseLong(line.substring(LENGTH.length()).strip());
        } else if (line.equals("\r\n") && successful && output != null && part != Part.HEADERS) {
            open(output);
        }
    }

    private void open(Path output) {
        try {
            file = Files.newOutputStream(output);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write to " + output + ": " + e.getMessage(), e);
        }
        if (terminal) {
            progress = new Progress(err, IOLoop.current(), announced);
        }
    }

    private void body(byte[] chunk) {
        if (part == Part.HEADERS) {
            return;
        }
        if (output == null) {
            write(out, chunk);
        } else if (file != null) {
            write(file, chunk);
            if (progress != null) {
                progress.add(chunk.length);
            }
        }
    }

    /** A disk, or a pipe that nobody reads, would hold the loop. */
    private static void write(OutputStream to, byte[] bytes) {
        Async.await(
                Async.offload(() -> {
                    to.write(bytes);
                    return true;
                }));
    }

    @Override
    public void close() throws IOException {
        if (progress != null) {
            progress.close();
        }
        if (file != null) {
            file.close();
        }
    }
}
