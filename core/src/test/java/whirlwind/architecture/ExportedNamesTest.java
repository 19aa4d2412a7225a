package whirlwind.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import java.util.HashSet;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** A program that says {@code import module whirlwind} gets all exported packages at once. */
class ExportedNamesTest {

    @Test
    void noTwoExportedClassesHaveTheSameName() {
        var exported = ArchitectureTest.exportedPackages();
        var seen = new HashSet<String>();

        var again =
                Sources.ofTheLibrary().files().stream()
                        .filter(file -> exported.contains(Sources.packageOf(file)))
                        .flatMap(file -> file.getTypeDecls().stream())
                        .filter(ClassTree.class::isInstance)
                        .map(ClassTree.class::cast)
                        .filter(type -> type.getModifiers().getFlags().contains(Modifier.PUBLIC))
                        .map(type -> type.getSimpleName().toString())
                        .filter(name -> !seen.add(name));

        assertThat(again).isEmpty();
    }
}
