package whirlwind.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every source of every module, tests too, is laid out as {@code ./whirlwind format} does it. A
 * test, and not a plugin of the build, because it runs on the JDK that the formatter needs even if
 * Maven runs on an older one.
 */
class FormatTest {
    private static final Path ROOT = Path.of("..");

    private final Formatter formatter =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    @Test
    @Timeout(300) // there are many, and machines that do much else
    void everySourceIsLaidOutByTheFormatter() throws IOException {
        var sources = sources();

        assertThat(sources).as("sources below %s", ROOT.toAbsolutePath()).isNotEmpty();
        assertThat(sources.parallelStream().filter(this::isOutOfLayout))
                .as("files that ./whirlwind format would change")
                .isEmpty();
    }

    private boolean isOutOfLayout(Path file) {
        try {
            var source = Files.readString(file);
            var ordered =
                    ImportOrderer.reorderImports(formatter.formatSource(source), Style.GOOGLE);
            return !RemoveUnusedImports.removeUnusedImports(ordered).equals(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new AssertionError(file + " is no Java that the formatter can read", e);
        }
    }

    private static List<Path> sources() throws IOException {
        var found = new ArrayList<Path>();
        try (var modules = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
            for (var module : modules) {
                if (Files.isDirectory(module.resolve("src"))) {
                    try (var files = Files.walk(module.resolve("src"))) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
