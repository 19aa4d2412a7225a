package whirlwind.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.web.RequestHandler;

/** What the documentation tells people to write compiles. */
class SnippetsTest {
    private static final Path ROOT = Path.of("..");

    /** What else a reader finds by himself, or by his IDE. */
    private static final String OTHER_IMPORTS =
            " import tools.jackson.databind.*;"
                    + " import whirlwind.redis.*;"
                    + " import static whirlwind.loop.Async.await;"
                    + " import static java.nio.file.StandardOpenOption.*;"
                    + " import org.junit.jupiter.api.Test;"
                    + " import static org.junit.jupiter.api.Assertions.*;";

    private static final class Source extends SimpleJavaFileObject {
        private final Snippet snippet;
        private final String text;

        Source(Snippet snippet, String imports) {
            super(URI.create("string:///" + snippet.className() + ".java"), Kind.SOURCE);
            this.snippet = snippet;
            text = snippet.source(imports);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        /** Where in the document, and what is wrong. */
        String message(Diagnostic<?> diagnostic) {
            return "%s: %s%n    %s"
                    .formatted(
                            snippet,
                            diagnostic.getMessage(Locale.ROOT),
                            text.lines().toList().get((int) diagnostic.getLineNumber() - 1));
        }
    }

    @Test
    void everySnippetOfReadmeAndGuideCompiles(@TempDir Path classes) throws Exception {
        var wrong =
                new Snippet("wrong.md", 7, "Async.sleep(Duration.ofSeconds(1));\nAsync.snooze();");
        var snippets =
                Stream.of("README.md", "docs/guide.md")
                        .flatMap(document -> Snippet.of(ROOT.resolve(document)).stream());

        var errors = errors(Stream.concat(snippets, Stream.of(wrong)).toList(), classes);

        assertThat(errors) // all of them, and nothing else
                .singleElement()
                .asString()
                .startsWith("wrong.md:7: cannot find symbol")
                .endsWith("Async.snooze();");
    }

    private static List<String> errors(List<Snippet> snippets, Path classes)
            throws IOException, URISyntaxException {
        var imports = imports();
        var sources = snippets.stream().map(snippet -> new Source(snippet, imports)).toList();
        var found = new DiagnosticCollector<JavaFileObject>();
        var options =
                List.of(
                        "-proc:none",
                        "-Xmaxerrs",
                        "1000",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            compiler.getTask(null, files, found, options, null, sources).call();
        }
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(SnippetsTest::message)
                .toList();
    }

    private static String message(Diagnostic<? extends JavaFileObject> diagnostic) {
        return diagnostic.getSource() instanceof Source source
                ? source.message(diagnostic)
                : diagnostic.toString();
    }

    /** What {@code import module whirlwind} imports, though tests run on the class path. */
    private static String imports() throws URISyntaxException {
        var library =
                Path.of(
                        RequestHandler.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        var module = ModuleFinder.of(library).find("whirlwind").orElseThrow().descriptor();
        return module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .map("import %s.*;"::formatted)
                .collect(Collectors.joining(" ", "", OTHER_IMPORTS));
    }
}
