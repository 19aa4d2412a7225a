package whirlwind.escape;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import whirlwind.escape.pool.OneRecycler;

/**
 * JSON out of records, maps, lists and the like, and back, through Jackson with its defaults.
 * Tornado's {@code json_encode} and {@code json_decode}.
 *
 * <p>What is encoded may stand inside a {@code <script>} element: {@code </} and {@code <!--}, with
 * which the element could end too early or too late, are written otherwise and mean the same, and
 * characters beyond ASCII are escaped.
 */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(JsonFactory.builder().recyclerPool(OneRecycler.INSTANCE).build())
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .addModule(new SimpleModule().addSerializer(new UnawaitedSerializer()))
                    .build();
    private static final TypeReference<Map<String, @Nullable Object>> MAP =
            new TypeReference<>() {};

    /** What Jackson says of the place of a value that it was to write. */
    private static final String NO_LOCATION = "\n at [No location information]";

    /** What Jackson says of a place that it was told not to show. */
    private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at \\[.*]\\)");

    private Json() {}

    /**
     * The value as JSON.
     *
     * @throws IllegalArgumentException if something in it has no JSON form; the message names its
     *     path
     */
    public static String encode(@Nullable Object value) {
        try {
            return forScripts(MAPPER.writeValueAsString(value));
        } catch (JacksonException unknown) {
            throw notEncodable(unknown);
        }
    }

    /** As {@link #encode}, as bytes for a response's body. */
    public static byte[] encodeUtf8(@Nullable Object value) {
        try {
            return forScripts(MAPPER.writeValueAsBytes(value));
        } catch (JacksonException unknown) {
            throw notEncodable(unknown);
        }
    }

    private static IllegalArgumentException notEncodable(JacksonException why) {
        var message = String.valueOf(why.getMessage()).replace(NO_LOCATION, "");
        return new IllegalArgumentException("no JSON: " + message, why);
    }

    private static String forScripts(String json) {
        return json.replace("</", "<\\/").replace("<!--", "\\u003C!--");
    }

    private static byte[] forScripts(byte[] json) {
        for (byte b : json) {
            if (b == '<') {
                return Utf8.encode(forScripts(Utf8.decode(json)));
            }
        }
        return json;
    }

    /**
     * The JSON as a tree.
     *
     * @throws MalformedJsonException if it is none
     */
    public static JsonNode decode(String json) {
        try {
            return present(MAPPER.readTree(json));
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    /** As {@link #decode(String)}, from UTF-8. */
    public static JsonNode decode(byte[] json) {
        try {
            return present(MAPPER.readTree(utf8(json)));
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    /** Jackson also reads what is none, such as a slash in two bytes (RFC 3629 section 10). */
    private static byte[] utf8(byte[] json) {
        try {
            Utf8.requireWellFormed(json);
            return json;
        } catch (MalformedTextException malformed) {
            throw new MalformedJsonException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static JsonNode present(JsonNode node) {
        if (node.isMissingNode()) { // what Jackson makes of nothing but white space
            throw new MalformedJsonException("empty (expected a JSON value)");
        }
        return node;
    }

    /**
     * The JSON as a {@code type}: a record, a class, an array.
     *
     * @return null for the JSON {@code null}
     * @throws MalformedJsonException if it is no JSON or does not fit the type
     */
    public static <T> @Nullable T decode(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    /** As {@link #decode(String, Class)}, from UTF-8. */
    public static <T> @Nullable T decode(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(utf8(json), type);
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    /**
     * The JSON object as a map of maps, lists, texts, numbers, booleans and nulls, in the order it
     * was written.
     *
     * @throws MalformedJsonException if it is no JSON object
     */
    public static Map<String, @Nullable Object> decodeMap(String json) {
        Map<String, @Nullable Object> map;
        try {
            map = MAPPER.readValue(json, MAP);
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
        if (map == null) {
            throw new MalformedJsonException("null (expected an object)");
        }
        return map;
    }

    private static MalformedJsonException malformed(JacksonException why) {
        var at = why.getLocation();
        var where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        var what = START_MARKER.matcher(why.getOriginalMessage()).replaceFirst("");
        return new MalformedJsonException(what + where, why);
    }
}
