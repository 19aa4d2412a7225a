package whirlwind.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a {@code multipart/form-data} body while it comes: texts and small files are kept in
 * memory, {@link FormLimits#maxMemory} bytes of them together, and files beyond that are written to
 * disk. So a form may be larger than the memory.
 *
 * <p>For one thread at a time. Methods write files, which blocks: call them within {@code
 * Async.offload}. Close it when the request has been answered: the files that were not moved away
 * are deleted then.
 */
public final class FormReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FormReader.class);

    private final HttpServerRequest request;
    private final FormLimits limits;
    private final @Nullable Path folder;
    private final MultipartParser parser;
    private final Map<String, List<String>> arguments = new LinkedHashMap<>();
    private final Map<String, List<HttpFile>> files = new LinkedHashMap<>();
    private final List<Path> written = new ArrayList<>();
    private long inMemory;

    /** The part that is being read. */
    private @Nullable Part part;

    /**
     * A reader for the body of a request.
     *
     * @param folder where large files are put; null: the system's folder for temporary files
     * @throws HttpInputException (415) if the body is no multipart form, or encoded, or the
     *     request's limits switch forms off; (400) if it has no boundary
     */
    public FormReader(HttpServerRequest request, @Nullable Path folder) {
        var contentType = HeaderValue.parse(request.headers().get("Content-Type", ""));
        if (!contentType.value().toLowerCase(Locale.ROOT).equals("multipart/form-data")) {
            throw new HttpInputException(415, "expected multipart/form-data");
        }
        this.request = request;
        this.limits = request.formLimits();
        this.folder = folder;
        this.parser =
                new MultipartParser(
                        Forms.boundary(request.headers(), contentType, limits),
                        limits,
                        new Gathering());
    }

    /**
     * Takes the next piece of the body.
     *
     * @throws HttpInputException (400) if it is malformed; (413) if it is beyond the limits, which
     *     for texts is {@link FormLimits#maxMemory}
     * @throws UncheckedIOException if a file can't be written
     */
    public void add(byte[] piece) {
        parser.add(piece);
    }

    /**
     * The body is whole: from now on the request has its arguments and files.
     *
     * @throws HttpInputException (400) if it isn't
     */
    public FormData end() {
        parser.end();
        var form = new FormData(Forms.frozen(arguments), Forms.frozen(files));
        request.setForm(form);
        return form;
    }

    /** Deletes the files that are still where they were written. Twice is once. */
    @Override
    public void close() {
        if (part != null) {
            part.close();
            part = null;
        }
        for (var path : written) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                log.warn("The file {} of a form is left behind", path, e);
            }
        }
        written.clear();
    }

    private Part part() {
        if (part == null) {
            throw new AssertionError("no part is being read");
        }
        return part;
    }

    private final class Gathering implements MultipartParser.Parts {
        @Override
        public void begin(String name, @Nullable String filename, String contentType) {
            part = new Part(name, filename, contentType);
        }

        @Override
        public void content(byte[] bytes, int start, int end) {
            try {
                part().add(bytes, start, end - start);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void end() {
            part().end();
            part = null;
        }
    }

    /** A part that is being read: its bytes in memory, or all of them in a file. */
    private final class Part {
        private final String name;
        private final @Nullable String filename;
        private final String contentType;
        private ByteArrayOutputStream memory = new ByteArrayOutputStream();
        private @Nullable Path path;
        private @Nullable OutputStream file;
        private long size;

        Part(String name, @Nullable String filename, String contentType) {
            this.name = name;
            this.filename = filename;
            this.contentType = contentType;
        }

        void add(byte[] bytes, int start, int length) throws IOException {
            size += length;
            if (file == null && inMemory + length > limits.maxMemory()) {
                if (filename == null) {
                    throw new HttpInputException(
                            413, "form: more than " + limits.maxMemory() + " bytes of text");
                }
                moveToDisk();
            }
            if (file != null) {
                file.write(bytes, start, length);
            } else {
                memory.write(bytes, start, length);
                inMemory += length;
            }
        }

        private void moveToDisk() throws IOException {
            path =
                    folder == null
                            ? Files.createTempFile("whirlwind-", ".part")
                            : Files.createTempFile(folder, ".whirlwind-", ".part");
            written.add(path);
            file = Files.newOutputStream(path);
            memory.writeTo(file);
            inMemory -= memory.size();
            memory = new ByteArrayOutputStream();
        }

        void end() {
            close();
            if (filename == null) {
                var text = Multipart.text(memory.toByteArray(), StandardCharsets.UTF_8);
                Forms.gather(arguments, name, text);
            } else if (path == null) {
                var body = memory.toByteArray();
                Forms.gather(files, name, new HttpFile(filename, contentType, body));
            } else {
                Forms.gather(files, name, new HttpFile(filename, contentType, path, size));
            }
        }

        void close() {
            if (file != null) {
                try {
                    file.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
