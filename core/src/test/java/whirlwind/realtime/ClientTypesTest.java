package whirlwind.realtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The declarations for TypeScript, read by its compiler. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClientTypesTest {
    private static final Path FOLDER = Path.of("target", "npm", "types");

    private static void copy(String resource, String name) throws IOException {
        try (var in = Hub.class.getResourceAsStream(resource)) {
            Files.copy(in, FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String run(String... command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** The package of npm is kept from one run to the next. */
    @Test
    void typesAreThoseOfTheModule() throws Exception {
        Files.createDirectories(FOLDER);
        copy("package.json", "package.json");
        copy("types.ts", "types.ts");
        copy("client.d.ts", "client.d.ts");
        copy("client.js", "module.js");
        copy("connection.js", "connection.js");
        var compiler = Path.of("node_modules", "typescript", "bin", "tsc");
        if (!Files.exists(FOLDER.resolve(compiler))) {
            run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund");
        }
        var output =
                run(
                        "node",
                        compiler.toString(),
                        "--noEmit",
                        "--strict",
                        "--allowJs",
                        "--module",
                        "nodenext",
                        "--target",
                        "esnext",
                        "types.ts");
        assertThat(output).isEmpty();
    }
}
