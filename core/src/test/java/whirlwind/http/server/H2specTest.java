package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import whirlwind.http.Headers;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;

/**
 * The conformance suite h2spec, all of it and nothing left out, by the program for Linux on x86-64
 * that a Maven plugin carries. Elsewhere these tests fail and say so, for there is none.
 */
class H2specTest {
    private static final String PROGRAM = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int CASES = 146;
    private static final int TAR_BLOCK = 512;
    private static final int TAR_SIZE_OFFSET = 124;
    private static final int TAR_SIZE_LENGTH = 11;

    @TempDir private Path folder;

    private static final HttpHandler HELLO =
            exchange ->
                    exchange.respond(
                            200,
                            Headers.of("Content-Type", "text/plain"),
                            "Hello, World!".getBytes(StandardCharsets.UTF_8));

    @Test
    void everyCasePassesByPriorKnowledge() throws Exception {
        try (var server = TestServer.start(HELLO)) {
            assertThat(failures(server.port())).isEmpty();
        }
    }

    @Test
    void everyCasePassesOverTls() throws Exception {
        var identity = new TestCertificates(folder).identity("localhost");
        var options = HttpServerOptions.DEFAULTS.withTls(TlsServerOptions.of(identity));
        try (var server = TestServer.start(HELLO, options)) {
            assertThat(failures(server.port(), "--tls", "--insecure")).isEmpty();
        }
    }

    private List<String> failures(int port, String... more) throws Exception {
        var report = folder.resolve("report.xml");
        var command =
                new ArrayList<>(
                        List.of(
                                unpacked().toString(),
                                "--strict",
                                "--timeout",
                                "5",
                                "--port",
                                String.valueOf(port),
                                "--junit-report",
                                report.toString()));
        command.addAll(List.of(more));
        var output = folder.resolve("output.txt").toFile();
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output)
                        .start();
        process.waitFor();
        assertThat(output).content().contains(CASES + " tests");
        return failuresIn(report.toFile());
    }

    private static List<String> failuresIn(File report) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report);
        var cases = document.getElementsByTagName("testcase");
        var failures = new ArrayList<String>();
        for (int i = 0; i < cases.getLength(); i++) {
            var result = (Element) cases.item(i);
            if (result.getElementsByTagName("failure").getLength() > 0
                    || result.getElementsByTagName("error").getLength() > 0
                    || result.getElementsByTagName("skipped").getLength() > 0) {
                failures.add(
                        result.getAttribute("package")
                                + ": "
                                + result.getAttribute("classname")
                                + " "
                                + result.getTextContent().strip());
            }
        }
        return failures;
    }

    /** The one file of a compressed tar archive. */
    private Path unpacked() throws IOException {
        var platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!platform.equals("Linux amd64")) {
            Assertions.fail(
                    "h2spec runs on Linux amd64 only, and this is " + platform + ": test there");
        }
        var program = folder.resolve("h2spec");
        try (var packed = ClassLoader.getSystemResourceAsStream(PROGRAM);
                var tar = new DataInputStream(new GZIPInputStream(packed))) {
            var head = tar.readNBytes(TAR_BLOCK);
            var size =
                    new String(head, TAR_SIZE_OFFSET, TAR_SIZE_LENGTH, StandardCharsets.US_ASCII);
            Files.write(program, tar.readNBytes(Integer.parseInt(size.strip(), 8)));
        }
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
