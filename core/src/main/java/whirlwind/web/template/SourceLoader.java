package whirlwind.web.template;

import io.pebbletemplates.pebble.loader.Loader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Text;

/** What Pebble reads templates through: names to paths, paths to text. */
final class SourceLoader implements Loader<String> {
    private final TemplateSource source;

    SourceLoader(TemplateSource source) {
        this.source = source;
    }

    @Override
    public Reader getReader(String path) {
        String text;
        try {
            text = source.read(path);
        } catch (IOException | MalformedTextException unreadable) {
            throw new TemplateException(
                    path, 0, "cannot be read: " + unreadable.getMessage(), unreadable);
        }
        if (text == null) {
            throw new TemplateException(path, 0, "no such template" + where(), null);
        }
        return new StringReader(text);
    }

    /** Where it would have to be, as far as we know. */
    private String where() {
        return switch (source) {
            case FolderSource(var root) -> " in " + root;
            case ClassPathSource(var anchor, var folder) when !folder.isEmpty() ->
                    " in " + folder + " on the class path of " + anchor.getName();
            case ClassPathSource(var anchor, _) when isOpen(anchor) ->
                    " beside " + anchor.getName() + "; the setting templatePath names a folder";
            case ClassPathSource(var anchor, _) ->
                    " beside %s, where only \"opens %s;\" in its module-info.java lets us look"
                            .formatted(anchor.getName(), anchor.getPackageName());
            default -> "";
        };
    }

    /** Resources in packages of a module are hidden unless they are open. */
    private static boolean isOpen(Class<?> anchor) {
        return anchor.getModule().isOpen(anchor.getPackageName(), SourceLoader.class.getModule());
    }

    /** Relative to the folder of the template that asks, unless it starts with a slash. */
    @Override
    public String resolveRelativePath(String name, @Nullable String asking) {
        if (name.startsWith("/") || asking == null) {
            return normal(name);
        }
        return normal(asking.substring(0, asking.lastIndexOf('/') + 1) + name);
    }

    @Override
    public String createCacheKey(String name) {
        return normal(name);
    }

    /** The path without {@code .}, {@code ..} and a leading slash. */
    private static String normal(String name) {
        var pieces = new ArrayDeque<String>();
        for (var piece : name.split("/", -1)) {
            switch (piece) {
                case "", "." -> {}
                case ".." -> {
                    if (pieces.pollLast() == null) {
                        throw new TemplateException(
                                Text.quoted(name), 0, "leads out of the templates' root", null);
                    }
                }
                default -> pieces.addLast(piece);
            }
        }
        return String.join("/", pieces);
    }

    @Override
    public boolean resourceExists(String path) {
        try {
            return source.read(path) != null;
        } catch (IOException | MalformedTextException unreadable) {
            return false;
        }
    }

    // What Pebble's own loaders are configured by; a source knows all that.

    @Override
    public void setCharset(String charset) {}

    @Override
    public void setPrefix(String prefix) {}

    @Override
    public void setSuffix(String suffix) {}
}
