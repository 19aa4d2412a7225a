package whirlwind.web.template;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Utf8;

/** Resources beside a class, or in a folder seen from there. */
record ClassPathSource(Class<?> anchor, String folder) implements TemplateSource {
    @Override
    public @Nullable String read(String path) throws IOException {
        var prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        try (var in = anchor.getResourceAsStream(prefix + path)) {
            return in == null ? null : Utf8.decode(in.readAllBytes());
        }
    }
}
