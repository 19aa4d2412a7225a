package whirlwind.web.template;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the text of templates comes from. Called once for each template until caches are reset; may
 * block.
 */
@FunctionalInterface
public interface TemplateSource {
    /**
     * The text of a template, null if there is none.
     *
     * @param path with slashes, no leading one, and no {@code .} or {@code ..} in it
     * @throws IOException if it is there and cannot be read
     * @throws whirlwind.escape.MalformedTextException if it is not UTF-8
     */
    @Nullable String read(String path) throws IOException;

    /** Files under a folder. Tornado's {@code Loader}. */
    static TemplateSource folder(Path folder) {
        return new FolderSource(folder.toAbsolutePath().normalize());
    }

    /**
     * Resources beside a class. In a module, their package has to be open to {@code whirlwind}.
     *
     * @param anchor finds them
     * @param folder relative to the class, or from the root if it starts with a slash; empty for
     *     beside the class itself
     */
    static TemplateSource classPath(Class<?> anchor, String folder) {
        return new ClassPathSource(anchor, folder);
    }

    /** Texts by their paths. Tornado's {@code DictLoader}. */
    static TemplateSource map(Map<String, String> texts) {
        return Map.copyOf(texts)::get;
    }
}
