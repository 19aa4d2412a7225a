package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import whirlwind.escape.Json;

/** The Tornado of this machine, to agree with: python3-tornado under the system's Python. */
final class TornadoPeer implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";

    private final Process process;
    private final int[] ports;
    private final HttpClient client = HttpClient.newHttpClient();

    private TornadoPeer(Process process, int[] ports) {
        this.process = process;
        this.ports = ports;
    }

    static TornadoPeer start() throws Exception {
        var script =
                Path.of(
                        Objects.requireNonNull(TornadoPeer.class.getResource("tornado_peer.py"))
                                .toURI());
        var process =
                new ProcessBuilder(PYTHON, script.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = output.readLine();
        assertThat(line).as("what Tornado prints; is python3-tornado installed?").isNotNull();
        var ports = line.split(" ");
        return new TornadoPeer(
                process, new int[] {Integer.parseInt(ports[0]), Integer.parseInt(ports[1])});
    }

    /** Signs with Tornado's own function; the only secret if there is one. */
    String sign(
            Map<Integer, String> secrets,
            int keyVersion,
            String name,
            byte[] value,
            int version,
            long seconds)
            throws Exception {
        var question =
                new Sign(
                        secrets,
                        keyVersion,
                        name,
                        Base64.getEncoder().encodeToString(value),
                        version,
                        seconds);
        return ask("/sign", question);
    }

    private record Sign(
            Map<Integer, String> secrets,
            int keyVersion,
            String name,
            String value,
            int version,
            long clock) {}

    /** What Tornado's own function reads: {@code absent}, or {@code =} and the value in base64. */
    String read(Map<Integer, String> secrets, String name, String signed, long seconds)
            throws Exception {
        return ask("/read", new Read(secrets, name, signed, seconds));
    }

    private record Read(Map<Integer, String> secrets, String name, String signed, long clock) {}

    private String ask(String path, Object question) throws Exception {
        var request =
                HttpRequest.newBuilder(uri(2, path))
                        .POST(BodyPublishers.ofByteArray(Json.encodeUtf8(question)));
        var response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    /** An address of the server whose XSRF tokens have this version. */
    URI uri(int xsrfVersion, String path) {
        return URI.create("http://127.0.0.1:" + ports[xsrfVersion - 1] + path);
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }
}
