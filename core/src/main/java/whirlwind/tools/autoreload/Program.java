package whirlwind.tools.autoreload;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the code of a program is that somebody may be changing: a source file that was started as
 * it is, and the folders, not the jars, of class path and module path.
 */
final class Program {
    private static final Pattern PACKAGE =
            Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);

    private Program() {}

    /**
     * That of the program that runs here. There is none to watch if its main class comes from a
     * jar: then it isn't the one that is being written, but one that runs it, such as a test
     * runner, or a finished one.
     */
    static Set<WatchedPath> code() {
        var source = System.getProperty("jdk.launcher.sourcefile");
        if (source != null) {
            return codeOf(Path.of(source));
        }
        var mainClass = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        var folder = mainClass.contains("/") ? folderOfModule(mainClass) : folderOf(mainClass);
        return folder.map(Program::codeIn).orElse(Set.of());
    }

    /** That of a program that is started from a file, and of what it finds on the paths. */
    static Set<WatchedPath> codeOf(Path source) {
        var code = new LinkedHashSet<WatchedPath>();
        code.add(WatchedPath.ofCode(source));
        code.addAll(codeIn(rootOf(source)));
        return code;
    }

    /** That of class path and module path. */
    static Set<WatchedPath> codeOnPaths() {
        return Stream.of("java.class.path", "jdk.module.path")
                .flatMap(path -> Stream.of(System.getProperty(path, "").split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .filter(Files::isDirectory)
                .map(WatchedPath::ofCode)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<WatchedPath> codeIn(Path folder) {
        var code = codeOnPaths();
        code.add(WatchedPath.ofCode(folder));
        return code;
    }

    /** Where the packages begin, of which the source launcher compiles what the file uses. */
    private static Path rootOf(Path source) {
        return above(source.toAbsolutePath().normalize(), packageDepth(source) + 1);
    }

    private static int packageDepth(Path source) {
        try {
            var declaration = PACKAGE.matcher(Files.readString(source));
            return declaration.find() ? declaration.group(1).split("\\.").length : 0;
        } catch (IOException unreadable) {
            return 0; // the compiler will say so
        }
    }

    private static Optional<Path> folderOf(String mainClass) {
        var file = mainClass.replace('.', '/') + ".class";
        return Optional.ofNullable(ClassLoader.getSystemResource(file))
                .map(url -> URI.create(url.toString()))
                .filter(uri -> uri.getScheme().equals("file"))
                .map(Path::of)
                .map(path -> above(path, mainClass.split("\\.").length));
    }

    private static Path above(Path path, int levels) {
        var folder = path;
        for (int i = 0; i < levels && folder.getParent() != null; i++) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Optional<Path> folderOfModule(String mainClass) {
        var module = mainClass.substring(0, mainClass.indexOf('/'));
        return ModuleLayer.boot()
                .configuration()
                .findModule(module)
                .flatMap(found -> found.reference().location())
                .filter(uri -> "file".equals(uri.getScheme()))
                .map(Path::of)
                .filter(Files::isDirectory);
    }
}
