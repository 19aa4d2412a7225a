package whirlwind.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Text;
import whirlwind.escape.Url;

/**
 * Arguments out of queries and bodies. {@link HttpServerRequest} calls these in UTF-8 and when it
 * is first asked; call them directly where a form is in another charset.
 */
public final class Forms {
    /** RFC 2046 section 5.1.1; a long one that repeats itself would be compared at every byte. */
    private static final int MAX_BOUNDARY = 70;

    private Forms() {}

    /** As {@link #parseQuery(String, Charset, FormLimits)} in UTF-8 with the default limits. */
    public static Map<String, List<String>> parseQuery(String query) {
        return parseQuery(query, StandardCharsets.UTF_8, FormLimits.DEFAULTS);
    }

    /**
     * Arguments as pairs of a name and a value, in order: what {@link whirlwind.escape.Url#concat}
     * takes. Tornado: {@code qs_to_qsl}.
     */
    public static List<Map.Entry<String, String>> pairs(Map<String, List<String>> arguments) {
        return arguments.entrySet().stream()
                .flatMap(all -> all.getValue().stream().map(one -> Map.entry(all.getKey(), one)))
                .toList();
    }

    /**
     * The arguments of a query or an urlencoded body. {@code &} separates and nothing else does;
     * plus is a space; a name without {@code =} has the empty value; names that repeat gather their
     * values in order.
     *
     * @param query as on the wire, without the question mark, its bytes read as Latin-1
     * @param charset what the bytes are text in; UTF-8 is checked, in others what does not fit
     *     becomes U+FFFD
     * @return values by name; unmodifiable
     * @throws HttpInputException (400) if it is not UTF-8; (413) if there are more arguments than
     *     the limits allow
     */
    public static Map<String, List<String>> parseQuery(
            String query, Charset charset, FormLimits limits) {
        if (query.isEmpty()) {
            return Map.of();
        }
        var arguments = new LinkedHashMap<String, List<String>>();
        int count = 0;
        int start = 0;
        while (start < query.length()) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            if (end > start) {
                if (++count > limits.maxArguments()) {
                    throw new HttpInputException(
                            413, "arguments: more than " + limits.maxArguments());
                }
                add(arguments, query.substring(start, end), charset);
            }
            start = end + 1;
        }
        return frozen(arguments);
    }

    private static void add(Map<String, List<String>> arguments, String argument, Charset charset) {
        int equals = argument.indexOf('=');
        try {
            var name =
                    Url.unescapeWire(
                            equals < 0 ? argument : argument.substring(0, equals), charset);
            var value = equals < 0 ? "" : Url.unescapeWire(argument.substring(equals + 1), charset);
            gather(arguments, name, value);
        } catch (MalformedTextException notText) {
            throw new HttpInputException(
                    400,
                    "argument " + Text.quoted(argument) + " is " + notText.getMessage(),
                    notText);
        }
    }

    /**
     * Reads a body by its {@code Content-Type}: {@code application/x-www-form-urlencoded} and
     * {@code multipart/form-data}; any other is no form and gives {@link FormData#EMPTY}. Tornado's
     * {@code parse_body_arguments}.
     *
     * @param headers of the message: {@code Content-Type} and {@code Content-Encoding} are looked
     *     at
     * @param body the whole body; files keep copies of their parts
     * @param charset of names and values, see {@link #parseQuery(String, Charset, FormLimits)};
     *     part headers are always UTF-8
     * @throws HttpInputException (400) if the body is malformed; (413) if it is beyond the limits;
     *     (415) if it is a form with a {@code Content-Encoding}, or multipart and that is switched
     *     off
     */
    public static FormData parseBody(
            Headers headers, byte[] body, Charset charset, FormLimits limits) {
        var header = headers.get("Content-Type");
        if (header == null) {
            return FormData.EMPTY;
        }
        var contentType = HeaderValue.parse(header);
        return switch (contentType.value().toLowerCase(Locale.ROOT)) {
            case "application/x-www-form-urlencoded" -> {
                requireNoEncoding(headers);
                var text = new String(body, StandardCharsets.ISO_8859_1);
                yield new FormData(parseQuery(text, charset, limits), Map.of());
            }
            case "multipart/form-data" ->
                    Multipart.read(boundary(headers, contentType, limits), body, charset, limits);
            default -> FormData.EMPTY;
        };
    }

    /** The boundary of a multipart form that may be read. */
    static String boundary(Headers headers, HeaderValue contentType, FormLimits limits) {
        requireNoEncoding(headers);
        if (!limits.multipart()) {
            throw new HttpInputException(415, "multipart/form-data is switched off");
        }
        var boundary = contentType.parameter("boundary");
        if (boundary == null || boundary.isEmpty()) {
            throw new HttpInputException("multipart/form-data without a boundary");
        }
        if (boundary.length() > MAX_BOUNDARY
                || !boundary.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new HttpInputException(
                    "multipart/form-data: boundary of %d characters (at most %d, visible ones)"
                            .formatted(boundary.length(), MAX_BOUNDARY));
        }
        return boundary;
    }

    private static void requireNoEncoding(Headers headers) {
        var encoding = headers.get("Content-Encoding");
        if (encoding != null) {
            throw new HttpInputException(
                    415, "form with Content-Encoding " + Text.quoted(encoding));
        }
    }

    static <T> void gather(Map<String, List<T>> all, String name, T value) {
        all.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
    }

    static <T> Map<String, List<T>> frozen(Map<String, List<T>> all) {
        all.replaceAll((_, values) -> Collections.unmodifiableList(values));
        return Collections.unmodifiableMap(all);
    }
}
