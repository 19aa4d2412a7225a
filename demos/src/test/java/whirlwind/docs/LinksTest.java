package whirlwind.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links from one document to another, or to its own headings, lead somewhere. */
class LinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK =
            Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "CHANGELOG.md",
                "CONTRIBUTING.md",
                "SECURITY.md",
                "benchmarks/README.md",
                "demos/README.md",
                "docs/guide.md",
                "docs/parity.md",
                "docs/realtime-protocol.md"
            })
    void everyLinkLeadsSomewhere(String name) {
        var document = ROOT.resolve(name);

        var dead =
                LINK.matcher(withoutCode(document))
                        .results()
                        .filter(link -> !leadsSomewhere(document, link))
                        .map(MatchResult::group);

        assertThat(dead).isEmpty();
    }

    private static boolean leadsSomewhere(Path document, MatchResult link) {
        var target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
        return Files.exists(target)
                && (link.group(2) == null || anchors(target).anyMatch(link.group(2)::equals));
    }

    /** What a document's headings are called in addresses. */
    private static Stream<String> anchors(Path document) {
        return HEADING.matcher(withoutCode(document))
                .results()
                .map(heading ->
                        heading.group(1)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\w\\- ]", "")
                                .replace(' ', '-'));
    }

    private static String withoutCode(Path document) {
        try {
            return Files.readString(document).replaceAll("(?ms)^```.*?^```", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
