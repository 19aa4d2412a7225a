package whirlwind.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** The library's sources as javac parses them, with their comments; nothing is resolved. */
record Sources(DocTrees comments, List<CompilationUnitTree> files) {

    static Sources ofTheLibrary() {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null);
                var paths = Files.walk(Path.of("src/main/java"))) {
            var sources =
                    manager.getJavaFileObjectsFromPaths(
                            paths.filter(path -> path.toString().endsWith(".java")).toList());
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    null, manager, null, List.of("-proc:none"), null, sources);
            var files = new ArrayList<CompilationUnitTree>();
            task.parse().forEach(files::add);
            return new Sources(DocTrees.instance(task), List.copyOf(files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of a file's package; empty for the module descriptor. */
    static String packageOf(CompilationUnitTree file) {
        return file.getPackageName() == null ? "" : file.getPackageName().toString();
    }
}
