package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

class ClientFilesTest {
    private final HttpClient browser = HttpClient.newHttpClient();
    private ServedApplication server;

    @BeforeEach
    void serve() throws Exception {
        var application = new Application();
        server = ServedApplication.of(application);
        server.onLoop(() -> {
            new Hub().mount(application, "/base");
            return true;
        });
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        browser.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        var address = URI.create("http://localhost:" + server.port() + path);
        var request = HttpRequest.newBuilder(address);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "client.js, text/javascript; charset=UTF-8, export function connect(",
        "connection.js, text/javascript; charset=UTF-8, export class Connection",
        "client.d.ts, application/typescript; charset=UTF-8, export function connect("
    })
    void browsersGetTheModuleAndItsTypes(String name, String type, String content)
            throws Exception {
        var response = get("/base/" + name);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains(type);
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(response.body()).contains(content);
    }

    @Test
    void whatABrowserHasIsNotSentAgain() throws Exception {
        var etag = get("/base/client.js").headers().firstValue("ETag").orElseThrow();
        var again = get("/base/client.js", "If-None-Match", etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Hub.class", "package-info.class", "client.jsx", "xclient.js", "engine"})
    void nothingElseOfThePackageIsServed(String name) throws Exception {
        assertThat(get("/base/" + name).statusCode()).isEqualTo(404);
    }
}
