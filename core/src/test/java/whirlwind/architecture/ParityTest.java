package whirlwind.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/parity.md} whole and true: every feature of Tornado's, each with its test. */
class ParityTest {

    /** How many features each part of Tornado has. */
    private static final Map<String, Integer> FEATURES =
            Map.ofEntries(
                    Map.entry("IOL", 35),
                    Map.entry("FUT", 11),
                    Map.entry("GEN", 16),
                    Map.entry("LCK", 14),
                    Map.entry("QUE", 15),
                    Map.entry("IOS", 34),
                    Map.entry("NET", 14),
                    Map.entry("TCL", 7),
                    Map.entry("TSV", 7),
                    Map.entry("HUT", 41),
                    Map.entry("H1C", 41),
                    Map.entry("HSV", 22),
                    Map.entry("RTE", 16),
                    Map.entry("WEB", 147),
                    Map.entry("TPL", 39),
                    Map.entry("ESC", 15),
                    Map.entry("LOC", 16),
                    Map.entry("HCL", 41),
                    Map.entry("SHC", 34),
                    Map.entry("CHC", 12),
                    Map.entry("PRC", 13),
                    Map.entry("WSG", 5),
                    Map.entry("AUT", 16),
                    Map.entry("ARL", 9),
                    Map.entry("WSK", 54));

    private static final Path ROOT = Path.of("..");

    private static final Pattern ROW =
            Pattern.compile("^\\| ([A-Z0-9]{3}-\\d{3}) \\| (.+) \\| (\\S+) \\|$");

    private record Row(String id, String what, String test) {
        boolean isLeftOut() {
            return what.startsWith("left out: ");
        }

        String testClass() {
            return test.substring(0, test.indexOf('#'));
        }

        String testMethod() {
            return test.substring(test.indexOf('#') + 1);
        }
    }

    @Test
    void everyFeatureHasOneRow() {
        var expected =
                FEATURES.entrySet().stream().flatMap(part -> ids(part.getKey(), part.getValue()));

        assertThat(rows())
                .extracting(Row::id)
                .containsExactlyInAnyOrderElementsOf(expected.toList());
    }

    @Test
    void everyFeatureThatIsNotLeftOutNamesATestThatExists() {
        var tests = new Tests();

        assertThat(rows().stream().filter(row -> !row.isLeftOut()).filter(row -> !tests.has(row)))
                .isEmpty();
    }

    private static Stream<String> ids(String part, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> "%s-%03d".formatted(part, n));
    }

    private static List<Row> rows() {
        try {
            return Files.readAllLines(ROOT.resolve("docs/parity.md")).stream()
                    .map(ROW::matcher)
                    .filter(row -> row.matches())
                    .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sources of all modules' tests. */
    private static final class Tests {
        private final Map<String, List<String>> sources = new HashMap<>();

        Tests() {
            try (var modules = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
                for (var module : modules) {
                    var folder = module.resolve("src/test/java");
                    if (Files.isDirectory(folder)) {
                        readAll(folder);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void readAll(Path folder) throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                for (var file : (Iterable<Path>) files::iterator) {
                    var name = file.getFileName().toString();
                    if (name.endsWith(".java")) {
                        sources.computeIfAbsent(
                                        name.substring(0, name.length() - ".java".length()),
                                        key -> new ArrayList<>())
                                .add(Files.readString(file));
                    }
                }
            }
        }

        boolean has(Row row) {
            if (row.test().indexOf('#') < 0) {
                return false;
            }
            var declaration = Pattern.compile("\\bvoid " + row.testMethod() + "\\(");
            return sources.getOrDefault(row.testClass(), List.of()).stream()
                    .anyMatch(source -> declaration.matcher(source).find());
        }
    }
}
