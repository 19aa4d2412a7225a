package whirlwind.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The ranks once more, read from import lines: inlined constants and the links of comments leave no
 * trace in class files.
 */
class SourceImportsTest {

    @Test
    void importsPointDownTheRanks() {
        var wrong =
                Sources.ofTheLibrary().files().stream().flatMap(SourceImportsTest::wrongImports);

        assertThat(wrong).isEmpty();
    }

    private static Stream<String> wrongImports(CompilationUnitTree file) {
        var user = Sources.packageOf(file);
        return file.getImports().stream()
                .map(line -> line.getQualifiedIdentifier().toString())
                .filter(used -> used.startsWith("whirlwind."))
                .filter(used -> !Layers.mayUse(Layers.layerOf(user), Layers.layerOf(used)))
                .map(used -> file.getSourceFile().getName() + " imports " + used);
    }
}
