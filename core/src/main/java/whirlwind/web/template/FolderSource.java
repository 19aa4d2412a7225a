package whirlwind.web.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Utf8;

/** Files under a folder, whose path is absolute and normal. */
record FolderSource(Path root) implements TemplateSource {
    @Override
    public @Nullable String read(String path) throws IOException {
        var file = root.resolve(path).normalize();
        // A name may mean more to this file system than to us, such as a drive or a backslash.
        if (!file.startsWith(root) || !Files.isRegularFile(file)) {
            if (!Files.isDirectory(root)) {
                throw new IOException("there is no folder " + root);
            }
            return null;
        }
        return Utf8.decode(Files.readAllBytes(file));
    }
}
