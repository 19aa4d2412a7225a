package whirlwind.benchmarks.peer;

import java.nio.file.Path;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.files.StaticFileHandler;

/** The files of a folder, as any application of Whirlwind serves them. */
public final class FileServer {
    private FileServer() {}

    /** Takes the port and the folder. */
    public static void main(String[] arguments) {
        new Application("/{path:*}", StaticFileHandler.in(Path.of(arguments[1])))
                .listen(Integer.parseInt(arguments[0]));
        IOLoop.current().start();
    }
}
