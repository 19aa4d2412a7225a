package whirlwind.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A piece of Java in a document.
 *
 * <p>One that has imports is a whole program. Any other stands in a subclass of {@link Given},
 * which is a handler: classes, methods and fields with a modifier as its members, statements in one
 * method of it, and <code>{ ... }</code> for a block that is left out.
 *
 * @param document the file's name
 * @param line of its first line
 */
record Snippet(String document, int line, String text) {
    private static final Pattern MEMBER =
            Pattern.compile(
                    "(@\\w+(\\([^)]*\\))?\\s+)*"
                            + "(public|protected|private|abstract|final|static|class|interface|enum|record|void)"
                            + "\\s.*",
                    Pattern.DOTALL);

    private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"");
    private static final Pattern COMMENT = Pattern.compile("(" + STRING + ")|//.*");

    /** The Java of a document, in its order. */
    static List<Snippet> of(Path document) {
        try {
            return of(document.getFileName().toString(), Files.readAllLines(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Snippet> of(String document, List<String> lines) {
        var found = new ArrayList<Snippet>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```java")) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
                var text = String.join("\n", lines.subList(i + 1, end));
                found.add(new Snippet(document, i + 2, text));
                i = end;
            }
        }
        return found;
    }

    String className() {
        return "%s%d".formatted(document.replaceAll("\\W", "_"), line);
    }

    /** A source file, on whose first line are the imports. */
    String source(String imports) {
        if (text.startsWith("import ")) {
            return text.replaceFirst("import module whirlwind;", imports);
        }
        var members = new StringBuilder();
        var statements = new StringBuilder();
        for (var part : parts(text.replace("{ ... }", "{ }"))) {
            (MEMBER.matcher(part).matches() ? members : statements).append(part).append('\n');
        }
        return """
        package whirlwind.docs; import module java.base; %s
        abstract class %s extends Given {
        %s
        void statements() throws Exception {
        %s
        }
        }
        """
                .formatted(imports, className(), members, statements);
    }

    /** Declarations and statements, without the comments between them. */
    private static List<String> parts(String text) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        int depth = 0;
        for (var line : text.lines().toList()) {
            var code = COMMENT.matcher(line).replaceAll("$1").strip();
            part.append(code).append('\n');
            code = STRING.matcher(code).replaceAll("");
            depth += count(code, "{(") - count(code, "})");
            if (depth == 0 && (code.endsWith(";") || code.endsWith("}"))) {
                parts.add(part.toString().strip());
                part.setLength(0);
            }
        }
        parts.add(part.toString().strip());
        return parts;
    }

    private static int count(String code, String characters) {
        return (int) code.chars().filter(c -> characters.indexOf(c) >= 0).count();
    }

    @Override
    public String toString() {
        return document + ":" + line;
    }
}
