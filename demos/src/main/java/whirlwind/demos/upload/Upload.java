package whirlwind.demos.upload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.demos.page.PageHandler;
import whirlwind.loop.Async;
import whirlwind.web.Application;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;
import whirlwind.web.StreamRequestBody;

/**
 * The receiver: {@code PUT /files/NAME} stores a file, {@code GET /files} lists what is there, and
 * {@code /} is a page that sends files.
 */
public final class Upload {
    private static final long MAX_FILE_BYTES = 64L << 30;

    /** As most file systems have it. */
    private static final int MAX_NAME_BYTES = 255;

    /** No folders, and nothing hidden. */
    private static final Pattern PLAIN_NAME =
            Pattern.compile("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]*");

    private Upload() {}

    /** The application, on no port yet, which keeps the files in {@code folder}. */
    public static Application application(Path folder) {
        return new Application("/", PageHandler.of(Upload.class, "index.html"))
                .route("/icon.svg", PageHandler.icon())
                .route("/upload.css", PageHandler.of(Upload.class, "upload.css"))
                .route("/upload.js", PageHandler.of(Upload.class, "upload.js"))
                .route("/files", () -> new ListHandler(folder))
                .route("/files/{name}", () -> new FileHandler(folder));
    }

    /** A file that is here, for the page. */
    private record Stored(String name, long size) {}

    private static final class ListHandler extends RequestHandler {
        private final Path folder;

        ListHandler(Path folder) {
            this.folder = folder;
        }

        @Override
        protected void get() {
            writeJson(Async.await(Async.offload(this::files)));
        }

        private List<Stored> files() throws IOException {
            try (var files = Files.list(folder)) {
                return files.filter(Files::isRegularFile)
                        .filter(file -> isPlain(file.getFileName().toString()))
                        .map(file ->
                                new Stored(file.getFileName().toString(), file.toFile().length()))
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList();
            }
        }
    }

    private static boolean isPlain(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES
                && PLAIN_NAME.matcher(name).matches();
    }

    @StreamRequestBody
    private static final class FileHandler extends RequestHandler {
        private final Path folder;
        private @Nullable Incoming file;

        FileHandler(Path folder) {
            this.folder = folder;
        }

        @Override
        protected void prepare() {
            if (!request().method().equals("PUT")) {
                return; // and gets 405
            }
            var path = path(getPathArgument("name"));
            setMaxBodySize(MAX_FILE_BYTES);
            file = Incoming.at(path);
        }

        private Path path(String name) {
            try {
                if (isPlain(name)) {
                    return folder.resolve(name);
                }
            } catch (InvalidPathException _) {
                // The system writes names in fewer characters than Unicode has.
            }
            throw new HttpError(400, "a file can't be called '" + name + "' here");
        }

        @Override
        protected void dataReceived(byte[] piece) {
            if (file != null) {
                file.write(piece);
            }
        }

        @Override
        protected void put() {
            if (file == null) {
                throw new IllegalStateException("prepare has opened no file");
            }
            writeJson(new Stored(getPathArgument("name"), file.finish()));
        }

        /** Also if the sender went away. */
        @Override
        protected void onFinish() {
            if (file != null) {
                file.discard();
            }
        }
    }
}
