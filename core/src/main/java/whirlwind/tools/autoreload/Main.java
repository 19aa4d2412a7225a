package whirlwind.tools.autoreload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.process.CommandLine;

/**
 * Runs a program, and runs it again when it has ended and its code has changed, so that mistakes
 * can be mended while it waits:
 *
 * <pre>
 * java OPTION... whirlwind.tools.autoreload.Main [--until-success] PROGRAM [ARGUMENT...]
 * </pre>
 *
 * <p>The program is what {@code java} takes with the same options: a class, a source file, or
 * {@code -m} with a module. After a failure, or success, it is started again at the next change of
 * its code; with {@code --until-success} status 0 is the end. While it runs it looks after itself:
 * by {@link Autoreload}, or not at all.
 *
 * <p>{@code --watch PATH} adds a file or folder, {@code --code PATH} only the class files and
 * sources of one; {@code --} is followed by the whole command of a program, of which nothing else
 * is watched.
 *
 * <p>TERM and INT go to the program, whose exit status is the launcher's then. If the launcher is
 * killed, a program ends by itself that has {@link Autoreload}. Tornado: {@code python -m
 * tornado.autoreload}.
 */
public final class Main {
    static final String UNTIL_SUCCESS = "--until-success";
    static final String WATCH = "--watch";
    static final String CODE = "--code";
    static final String COMMAND = "--";

    private static final String USAGE =
            "usage: java OPTION... %s [--until-success] [--watch PATH]... PROGRAM [ARGUMENT...]";

    private Main() {}

    /** See {@link Main}. Exits with 2 if the arguments are wrong. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        var launcher = parse(List.of(arguments));
        if (launcher == null) {
            System.err.println(USAGE.formatted(Main.class.getName()));
            System.exit(2);
        } else {
            System.exit(launcher.run());
        }
    }

    /** Null if there is no program among the arguments. */
    private static @Nullable Launcher parse(List<String> arguments) {
        boolean untilSuccess = false;
        Set<WatchedPath> watched = new LinkedHashSet<>();
        var rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            var argument = rest.remove();
            if (argument.equals(UNTIL_SUCCESS)) {
                untilSuccess = true;
            } else if (argument.equals(COMMAND) && !rest.isEmpty()) {
                return new Launcher(List.copyOf(rest), watched, untilSuccess);
            } else if (argument.equals(WATCH) && !rest.isEmpty()) {
                watched.add(WatchedPath.of(Path.of(rest.remove())));
            } else if (argument.equals(CODE) && !rest.isEmpty()) {
                watched.add(WatchedPath.ofCode(Path.of(rest.remove())));
            } else if (!argument.startsWith("--")) {
                rest.addFirst(argument);
                watched.addAll(codeOf(argument));
                var command = commandOf(List.copyOf(rest), arguments.size());
                return new Launcher(command, watched, untilSuccess);
            } else {
                return null;
            }
        }
        return null;
    }

    private static Set<WatchedPath> codeOf(String program) {
        return program.endsWith(".java") ? Program.codeOf(Path.of(program)) : Program.codeOnPaths();
    }

    /** What started this process, with the program in the launcher's place. */
    private static List<String> commandOf(List<String> program, int arguments) {
        var own = CommandLine.current();
        int end = own.size() - arguments - 1; // the launcher's class comes before its arguments
        if (List.of("-m", "--module").contains(own.get(end - 1))) {
            end--;
        }
        var command = new ArrayList<>(own.subList(0, end));
        command.addAll(program);
        return command;
    }
}
