package whirlwind.web.binding;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;
import whirlwind.escape.pool.OneRecycler;

/** How Jackson reads what strangers send. */
final class Mappers {
    /** Input that is nested deeper, or has longer numbers, is made to cost us something. */
    static final int MAX_DEPTH = 100;

    static final int MAX_NUMBER_LENGTH = 100;

    /** For JSON, where a number is a number and no text. */
    static final JsonMapper STRICT =
            lenient()
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // until bound
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            text -> {
                                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                            })
                    .build();

    /** For arguments, where everything is text. */
    static final JsonMapper LENIENT = lenient().build();

    /** For a value in the middle of others, of either kind. */
    static final ObjectReader TREES =
            STRICT.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Mappers() {}

    /** Of JSON for {@link #STRICT}, without the context that it would make for beans. */
    static JsonParser parser(byte[] json) {
        return STRICT.tokenStreamFactory().createParser(ObjectReadContext.empty(), json);
    }

    private static JsonMapper.Builder lenient() {
        var limits =
                StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build();
        var factory =
                JsonFactory.builder()
                        .streamReadConstraints(limits)
                        .recyclerPool(OneRecycler.INSTANCE)
                        .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                // What a reader of Jackson's leaves, it has misread, as some do with lists in
                // lists.
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
}
