package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.OneEngine;

/**
 * Programs for which the library is a module, as it is for whoever says {@code import module
 * whirlwind} or {@code requires whirlwind}; all other tests have it on the class path.
 */
@OneEngine
@Timeout(120) // for compilers and programs, which may have to share a processor
class ModulePathTest {
    private static final String CLASSES =
            """
            record Order(String name, int count, Optional<String> note) {}

            class Orders extends RequestHandler {
                @Override protected void post() { writeJson(body(Order.class)); }

                @Override protected void get() { writeJson(query(Order.class)); }
            }

            class Page extends RequestHandler {
                @Override protected void get() {
                    render("page.html", Map.of("order", new Order("tea", 2, Optional.empty())));
                }
            }
            """;

    private static final String BODY =
            """
                var templates = Map.of("page.html", "{{ order.name }} {% module linkify('http://a.b') %}");
                var settings = ApplicationSettings.DEFAULTS
                        .withTemplates(new PebbleTemplateLoader(TemplateSource.map(templates)))
                        .withCompressResponse(true);
                var application = new Application(settings)
                        .route("/orders", Orders::new)
                        .route("/page", Page::new);
                new Hub(HubOptions.DEFAULTS).mount(application);
                application.listen(0);
                IOLoop.current().start();
            """;

    private static final Pattern NEEDED =
            Pattern.compile(
                    ".*/(classes|netty-(?!pkitesting)[a-z0-9_-]+-[0-9.]+Final\\.jar|jackson-.*"
                            + "|jspecify-.*|pebble-.*|unbescape-.*|slf4j-api-.*|logback-.*)");

    @TempDir private Path folder;

    @Test
    void aProgramInOneFileHasAllThatTheLibraryFindsByReflection() throws Exception {
        var source = folder.resolve("Shop.java");
        Files.writeString(
                source,
                "import module whirlwind;\n\n" + CLASSES + "void main() {\n" + BODY + "}\n");
        try (var shop = new Program("--add-modules", "whirlwind", source.toString())) {
            checkAnswers(shop);
        }
    }

    @Test
    void aModuleOpensItsRecordsAndWhatItsTemplatesShow() throws Exception {
        compile("open module shop { requires whirlwind; }");
        try (var shop = new Program("--module", "shop/shop.Main")) {
            checkAnswers(shop);
        }
    }

    @Test
    void aModuleThatKeepsItsRecordsToItselfIsToldHowToOpenThem() throws Exception {
        compile("module shop { requires whirlwind; exports shop; }");
        try (var shop = new Program("--module", "shop/shop.Main")) {
            assertThat(shop.post("/orders", "{}").statusCode()).isEqualTo(500);
            assertThat(shop.awaitLine("java.lang.IllegalStateException"))
                    .endsWith(
                            "shop.Order can't be made from input: its module keeps it to itself;"
                                    + " say \"opens shop;\" in the module-info.java of shop");
        }
    }

    private static void checkAnswers(Program shop) throws Exception {
        var order = "{\"name\":\"tea\",\"count\":2,\"note\":\"strong\"}";
        assertThat(shop.post("/orders", order).body()).isEqualTo(order);
        assertThat(shop.get("/orders?name=tea&count=2&note=strong").body()).isEqualTo(order);
        assertThat(shop.get("/page").body()).isEqualTo("tea <a href=\"http://a.b\">http://a.b</a>");
        assertThat(shop.get("/whirlwind/client.js").body()).contains("export");
    }

    private void compile(String module) throws IOException {
        var sources = Files.createDirectories(folder.resolve("sources/shop"));
        var info = sources.resolveSibling("module-info.java");
        Files.writeString(info, module);
        var main = sources.resolve("Main.java");
        Files.writeString(
                main,
                "package shop;\n\nimport module whirlwind;\nimport java.util.*;\n\n"
                        + CLASSES
                        + "class Main {\nstatic void main() {\n"
                        + BODY
                        + "}\n}\n");
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
            var options = List.of("-d", "" + classes(), "--module-path", modulePath());
            var units = files.getJavaFileObjects(info, main);
            assertThat(compiler.getTask(said, files, null, options, null, units).call())
                    .as(said.toString())
                    .isTrue();
        }
    }

    private Path classes() {
        return folder.resolve("classes");
    }

    /** The library and what it needs: what is a module without a name of its own draws in all. */
    private String modulePath() {
        var library =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(NEEDED.asMatchPredicate());
        return Stream.concat(Stream.of(classes().toString()), library)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private final class Program implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final Process process;
        private final BufferedReader output;
        private final String address;

        Program(String... what) throws IOException {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            command.addAll(List.of("--module-path", modulePath()));
            command.add("--add-opens=java.base/java.lang=whirlwind");
            command.add("--enable-native-access=whirlwind,io.netty.common");
            command.add("-Dwhirlwind.stallThreshold=0");
            command.addAll(List.of(what));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            output = process.inputReader(UTF_8);
            var line = awaitLine("listening on");
            address = line.substring(line.indexOf("http://"));
        }

        /** The next line that has this in it. */
        String awaitLine(String part) throws IOException {
            var before = new StringBuilder();
            for (String line; (line = output.readLine()) != null; ) {
                if (line.contains(part)) {
                    return line;
                }
                before.append(line).append('\n');
            }
            throw new AssertionError("ended without \"" + part + "\":\n" + before);
        }

        HttpResponse<String> get(String path) throws Exception {
            return client.send(request(path).build(), BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, String json) throws Exception {
            var request = request(path).header("Content-Type", "application/json");
            return client.send(
                    request.POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(address + path));
        }

        @Override
        public void close() throws Exception {
            client.close();
            process.destroy();
            process.waitFor();
        }
    }
}
