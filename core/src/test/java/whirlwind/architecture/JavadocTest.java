package whirlwind.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/**
 * Everything that users see says what it is for. Whether a comment is well formed is the compiler's
 * to check; that each parameter has its tag is nobody's.
 */
class JavadocTest {

    @Test
    void everythingUsersSeeIsDocumented() {
        var exported = ArchitectureTest.exportedPackages();
        var sources = Sources.ofTheLibrary();

        var undocumented =
                sources.files().stream()
                        .filter(file -> exported.contains(Sources.packageOf(file)))
                        .flatMap(file -> new Undocumented(sources, file).find().stream());

        assertThat(undocumented).isEmpty();
    }

    private static final class Undocumented extends TreePathScanner<Void, Void> {
        private final Sources sources;
        private final CompilationUnitTree file;
        private final List<String> found = new ArrayList<>();

        Undocumented(Sources sources, CompilationUnitTree file) {
            this.sources = sources;
            this.file = file;
        }

        List<String> find() {
            scan(new TreePath(file), null);
            return found;
        }

        @Override
        public Void visitPackage(PackageTree tree, Void nothing) {
            if (file.getSourceFile().getName().endsWith("package-info.java")) {
                requireComment(tree, "package " + tree.getPackageName());
            }
            return null;
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            if (isSeen(tree.getModifiers())) {
                requireComment(tree, tree.getSimpleName().toString());
                scan(tree.getMembers(), null);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            if (isSeen(tree.getModifiers()) && !overrides(tree)) {
                requireComment(tree, tree.getName().toString());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            if (isSeen(tree.getModifiers())) {
                requireComment(tree, tree.getName().toString());
            }
            return null;
        }

        private boolean isSeen(ModifiersTree modifiers) {
            var flags = modifiers.getFlags();
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || isInInterface() && !flags.contains(Modifier.PRIVATE);
        }

        private boolean isInInterface() {
            var owner = getCurrentPath().getParentPath().getLeaf();
            return owner.getKind() == Tree.Kind.INTERFACE
                    || owner.getKind() == Tree.Kind.ANNOTATION_TYPE;
        }

        private static boolean overrides(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
        }

        private void requireComment(Tree tree, String name) {
            if (sources.comments().getDocComment(getCurrentPath()) == null) {
                var line =
                        file.getLineMap()
                                .getLineNumber(
                                        sources.comments()
                                                .getSourcePositions()
                                                .getStartPosition(file, tree));
                found.add(file.getSourceFile().getName() + ":" + line + " " + name);
            }
        }
    }
}
