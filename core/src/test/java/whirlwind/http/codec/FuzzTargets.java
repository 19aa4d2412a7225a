package whirlwind.http.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import whirlwind.http.ByteRange;
import whirlwind.http.Cookies;
import whirlwind.http.ETags;
import whirlwind.http.FormLimits;
import whirlwind.http.Forms;
import whirlwind.http.HeaderValue;
import whirlwind.http.Headers;
import whirlwind.http.HostAndPort;
import whirlwind.http.HttpDate;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.Preference;
import whirlwind.http.RequestStartLine;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.request.RequestFuzz;
import whirlwind.http.codec.websocket.WebSocketFuzz;
import whirlwind.net.channel.ProxyHeaders;
import whirlwind.realtime.sse.EventStreamFuzz;
import whirlwind.web.SignedValues;
import whirlwind.web.compression.ContentCoding;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.Locales;

/**
 * What peers send, read by the parsers that are ours: each takes whatever bytes there are, and
 * either reads them or throws {@link HttpInputException}. A new one is a line in {@link #ALL}.
 * Jazzer runs {@link #fuzzerTestOneInput} with inputs that reach ever more of them.
 */
public final class FuzzTargets {
    /** Each target by its name. */
    static final Map<String, Consumer<byte[]>> ALL =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("request", RequestFuzz::read),
                            Map.entry("events", EventStreamFuzz::read),
                            Map.entry("target", text(FuzzTargets::target)),
                            Map.entry("headers", text(FuzzTargets::headers)),
                            Map.entry("multipart", FuzzTargets::multipart),
                            Map.entry("arguments", text(Forms::parseQuery)),
                            Map.entry("cookies", text(Cookies::parse)),
                            Map.entry("header-value", text(FuzzTargets::headerValue)),
                            Map.entry("range", text(FuzzTargets::ranges)),
                            Map.entry("etags", text(list -> ETags.weakMatch(list, "\"a\""))),
                            Map.entry("date", text(HttpDate::parse)),
                            Map.entry("preferences", text(FuzzTargets::preferences)),
                            Map.entry("forwarded", text(RequestFuzz::forwarded)),
                            Map.entry("proxy", ProxyHeaders::read),
                            Map.entry("websocket", WebSocketFuzz::read),
                            Map.entry("extensions", text(WebSocketFuzz::extensions)),
                            Map.entry("signed-value", text(FuzzTargets::signedValue)),
                            Map.entry("status-line", text(ResponseStartLine::parse))));

    private static final Locales LANGUAGES =
            Locales.of(Map.of("de", Catalogue.EMPTY, "zh_CN", Catalogue.EMPTY));

    private static List<Consumer<byte[]>> chosen = List.copyOf(ALL.values());

    private FuzzTargets() {}

    /** Called by Jazzer before anything else, with the name of a target perhaps. */
    public static void fuzzerInitialize(String[] names) {
        if (names.length > 0) {
            var target = ALL.get(names[0]);
            if (target == null) {
                throw new IllegalArgumentException(names[0] + " (one of " + ALL.keySet() + ")");
            }
            chosen = List.of(target);
        }
    }

    /** Called by Jazzer: with several targets the first byte chooses. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var target = chosen.get((input[0] & 0xFF) % chosen.size());
        try {
            target.accept(Arrays.copyOfRange(input, 1, input.length));
        } catch (HttpInputException malformed) {
            // as a server would answer
        }
    }

    private static Consumer<byte[]> text(Consumer<String> parser) {
        return input -> parser.accept(new String(input, ISO_8859_1));
    }

    private static void require(boolean truth, String otherwise) {
        if (!truth) {
            throw new AssertionError(otherwise);
        }
    }

    // ---- what a parser must hold to, besides taking anything ----

    private static void target(String target) {
        for (var method : new String[] {"GET", "OPTIONS", "CONNECT"}) {
            try {
                var line = RequestStartLine.parse(method + " " + target + " HTTP/1.1");
                var request = new HttpServerRequest(line, Headers.of("Host", "h"));
                require(request.fullUrl().startsWith("http://"), request.fullUrl());
                require(HostAndPort.isValid(request.host()), request.host());
                request.hostName();
                request.arguments();
            } catch (HttpInputException malformed) {
                // the next method may make sense of it
            }
        }
    }

    private static void headers(String block) {
        var headers = Headers.parse(block);
        require(Headers.parse(headers.toString()).toString().equals(headers.toString()), block);
    }

    private static void multipart(byte[] body) {
        var headers = Headers.of("Content-Type", "multipart/form-data; boundary=b");
        Forms.parseBody(headers, body, UTF_8, FormLimits.DEFAULTS);
    }

    private static void headerValue(String text) {
        var value = HeaderValue.parse(text);
        value.parameters().keySet().forEach(name -> require(!name.contains(";"), name));
        HeaderValue.parse(value.toString());
    }

    private static void ranges(String header) {
        ByteRange.parse(header);
        for (var range : ByteRange.parseSet(header)) {
            var part = range.of(100);
            require(part == null || (part.length() > 0 && part.length() <= 100), header);
        }
    }

    /** Of encodings, and of languages. */
    private static void preferences(String header) {
        Preference.parseList(header);
        ContentCoding.choose(header);
        require(LANGUAGES.supported().contains(LANGUAGES.accepted(header).code()), header);
    }

    private static void signedValue(String signed) {
        var values =
                new SignedValues("long enough for a secret")
                        .withClock(InstantSource.fixed(Instant.ofEpochSecond(1)));
        require(values.read("name", signed) == null, "forged: " + signed);
        SignedValues.keyVersion(signed);
    }
}
