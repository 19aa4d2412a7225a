package whirlwind.fetch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import whirlwind.curl.CurlTransport;
import whirlwind.fetch.Printer.Part;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.ClientOptions;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.Proxy;

/** Fetches URLs with the asynchronous client and shows what came, as Tornado's client does. */
@Command(
        name = "./whirlwind fetch",
        description = "Fetches URLs and prints the headers and bodies of the responses.",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Fetch implements Callable<Integer> {
    private final OutputStream out;
    private final PrintStream err;
    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "What to fetch, one by one.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private List<String> urls;

    @Option(names = "--headers-only", description = "Print the headers, and no body.")
    private boolean headersOnly;

    @Option(names = "--body-only", description = "Print the body, and no headers.")
    private boolean bodyOnly;

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "GET unless there is data, and POST then.")
    private @Nullable String method;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "TEXT",
            description = "The request's body.")
    private @Nullable String data;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header of the request; may be given several times.")
    private List<String> headers = List.of();

    @Option(
            names = "--http2",
            description = "Speak HTTP/2, without asking first whether the server does.")
    private boolean http2;

    @Option(
            names = {"-k", "--insecure"},
            description = "Don't check the server's certificate.")
    private boolean insecure;

    @Option(names = "--no-redirects", description = "Print a redirect instead of following it.")
    private boolean noRedirects;

    @Option(
            names = {"-x", "--proxy"},
            paramLabel = "URL",
            description = "Go through a proxy: http, socks4 or socks5://[USER:PASSWORD@]HOST:PORT.")
    private @Nullable String proxy;

    @Option(names = "--curl", description = "Use the system's libcurl.")
    private boolean curl;

    @Option(names = "--time", description = "Print how long it took, on standard error.")
    private boolean time;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the body of a successful response there.")
    private @Nullable Path output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    @SuppressWarnings("UnusedVariable") // picocli prints it by itself
    private boolean help;

    private Fetch(OutputStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Exits with 0 if all responses were successful, with 1 if one wasn't, and with 2 if the
     * arguments are wrong. The property {@code whirlwind.terminal} says that standard error is a
     * terminal.
     */
    public static void main(String... arguments) {
        System.setProperty("jdk.trackAllThreads", "false");
        System.setProperty("jdk.pollerMode", "1");
        // Classes are loaded on the loop, and a terminal may be slow.
        System.getProperties().putIfAbsent("whirlwind.stallThreshold", "0");
        var out = new FileOutputStream(FileDescriptor.out);
        System.exit(run(out, System.err, Boolean.getBoolean("whirlwind.terminal"), arguments));
    }

    /** Fetches, and gives the exit status. */
    static int run(OutputStream out, PrintStream err, boolean terminal, String... arguments) {
        var fetch = new Fetch(out, err, terminal);
        return new CommandLine(fetch)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, err.charset()))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    err.println("fetch: " + sentence(failure));
                    return 1;
                })
                .execute(arguments);
    }

    private static String sentence(Exception failure) {
        var message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    @Override
    public Integer call() {
        if (output != null && urls.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--output wants a single URL");
        }
        if (headersOnly && bodyOnly) {
            throw new ParameterException(
                    spec.commandLine(), "--headers-only and --body-only leave nothing to print");
        }
        var settings = settings();
        var options = curl ? ClientOptions.DEFAULTS.withTransport(CurlTransport::new) : null;
        try (var loop = new IOLoop()) {
            return loop.runSync(() -> {
                try (var client =
                        options == null ? new AsyncHttpClient() : new AsyncHttpClient(options)) {
                    boolean succeeded = true;
                    for (var url : urls) {
                        succeeded &= fetch(client, settings.withUrl(url));
                    }
                    return succeeded ? 0 : 1;
                }
            });
        }
    }

    /** What holds for all URLs. A download may take as long as it takes. */
    private HttpRequest settings() {
        var request =
                HttpRequest.of("")
                        .withRaiseError(false)
                        .withRequestTimeout(Duration.ZERO)
                        .withMaxBodySize(Long.MAX_VALUE)
                        .withAllowNonstandardMethods(true)
                        .withFollowRedirects(!noRedirects)
                        .withValidateCert(!insecure);
        if (proxy != null) {
            request = request.withProxy(proxy(proxy));
        }
        for (var header : headers) {
            request = withHeader(request, header);
        }
        if (data != null) {
            request = request.withBody(data);
        }
        if (method != null || data != null) {
            request = request.withMethod(method != null ? method : "POST");
        }
        return http2 ? request.withHttp2(Http2Mode.PRIOR_KNOWLEDGE) : request;
    }

    private Proxy proxy(String text) {
        try {
            return ProxyUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--proxy '" + text + "': " + e.getMessage(), e);
        }
    }

    private HttpRequest withHeader(HttpRequest request, String header) {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--header '" + header + "' is not NAME: VALUE");
        }
        try {
            return request.withHeader(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        } catch (HeaderSyntaxException e) {
            throw new ParameterException(spec.commandLine(), "--header: " + e.getMessage(), e);
        }
    }

    private boolean fetch(AsyncHttpClient client, HttpRequest request) throws IOException {
        HttpResponse response;
        var part = headersOnly ? Part.HEADERS : bodyOnly ? Part.BODY : Part.BOTH;
        try (var printer = new Printer(out, err, output, part, terminal)) {
            response = printer.print(client, request);
        } catch (RuntimeException e) {
            err.println("fetch: " + sentence(e));
            return false;
        }
        if (time) {
            response.timeInfo()
                    .forEach((what, took) ->
                            err.printf("%-14s %.6f s%n", what, took.toNanos() / 1e9));
        }
        var error = response.error();
        if (error != null) {
            err.println("fetch: " + sentence(error));
        }
        return error == null;
    }
}
