package whirlwind.web.files;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/** A folder that is served for each test, with things beside it that nobody may have. */
abstract class ServedFolder {
    static final String TEXT = "abcdefghijklmnopqrstuvwxyz";

    @TempDir Path folder;

    Path root;

    ServedApplication app;

    @BeforeEach
    void serve() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(root.resolve("text.txt"), TEXT);
        Files.writeString(root.resolve("page.html"), "<p>page</p>");
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/index.html"), "index");
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.createDirectory(folder.resolve("root-sibling"));
        Files.writeString(folder.resolve("root-sibling/x.txt"), "secret");
        Files.createSymbolicLink(root.resolve("link.txt"), folder.resolve("secret.txt"));
        app =
                ServedApplication.of(
                        new Application().route("/static/{path:*}", StaticFileHandler.in(root)));
    }

    @AfterEach
    void stop() throws Exception {
        app.close();
    }
}
