package whirlwind.http.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.OneEngine;

/**
 * Lets Jazzer look for input that a parser of ours can't take, for a few seconds; for longer, and
 * one parser alone: {@code ./whirlwind bench fuzz}.
 */
@OneEngine
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 6);
    private static final String NAME = System.getProperty("fuzz.name", "");
    private static final boolean IN_SUITE = System.getProperty("fuzz.seconds") == null;
    private static final int RUNS = 100_000;

    /** Inputs that each target can read, to begin with. */
    private static final List<String> SEEDS =
            List.of(
                    "GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\nhi\r\n0\r\nT: 1\r\n\r\n",
                    "http://u@[::1]:80/a?b#c",
                    "--b\r\nContent-Disposition: form-data; name=a; filename*=utf-8''%c3\r\n\r\nx\r\n--b--",
                    "a=1&b=%41+%c3%a9&&=",
                    "a=1; b=\"\\101\\\"\"; =;",
                    "form-data; a=\"b\\\"c\"; d*=utf-8''%41; e",
                    "bytes=0-99",
                    "W/\"a\", \"b\", *",
                    "Sun, 06 Nov 1994 08:49:37 GMT",
                    "de-AT;q=0.8, *;q=0, en",
                    "for=1.2.3.4;proto=https;host=h, for=\"[::1]:80\"",
                    "permessage-deflate; client_max_window_bits=10; server_no_context_takeover",
                    "\u0000\u0001\u0085\u0000\u0000\u0000\u0000hello\u0080\u0080\u0000\u0000\u0000\u0000",
                    "\u0003\u00c1\u0003\u004a\u0004\u0000\u0008\u0002\u0003\u00e8",
                    "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
                    "\r\n\r\n\0\r\nQUIT\n\u0021\u0031\0\u00d8/a",
                    "2|1:0|1:1|4:name|4:YQ==|0123456789abcdef");

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS) // as long as it is told to run
    void noInputIsTooMuchForAParser(@TempDir Path folder) throws Exception {
        var corpus = Files.createDirectory(folder.resolve("corpus"));
        for (int i = 0; i < SEEDS.size(); i++) {
            for (int target = 0; target < FuzzTargets.ALL.size(); target++) {
                Files.writeString(
                        corpus.resolve(i + "-" + target), (char) target + SEEDS.get(i), ISO_8859_1);
            }
        }
        var output = folder.resolve("output");
        var process =
                new ProcessBuilder(command(corpus, folder))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        var said = Files.readString(output, ISO_8859_1);
        assertThat(status).as(said.substring(Math.max(0, said.length() - 4000))).isZero();
        assertThat(said).contains("Done ");
        if (!NAME.isEmpty()) {
            System.out.println(said.substring(said.lastIndexOf("\nDone ") + 1).strip());
        }
    }

    private static List<String> command(Path corpus, Path folder) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+EnableDynamicAgentLoading",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + FuzzTargets.class.getName(),
                                "--instrumentation_includes=whirlwind.**",
                                "--custom_hook_includes=whirlwind.**",
                                "--reproducer_path=" + folder,
                                "-artifact_prefix=" + folder + "/",
                                "-max_total_time=" + SECONDS,
                                "-timeout=300", // on a busy machine it takes long to load a class
                                "-rss_limit_mb=0"));
        if (IN_SUITE) {
            // mostly classes that are loaded and instrumented
            command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            command.addAll(List.of("-seed=1", "-runs=" + RUNS)); // the same inputs every time
        }
        if (!NAME.isEmpty()) {
            command.add("--target_args=" + NAME);
        }
        command.add(corpus.toString());
        return command;
    }
}
