package whirlwind.web.binding;

import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Utf8;

/**
 * Makes one value of input while it is read, and collects what is wrong with it.
 *
 * <p>A component of a record has to be there, unless it is an {@code Optional} or marked {@code
 * Nullable}. What the record's constructor refuses with {@link IllegalArgumentException} is a
 * problem of the input, too.
 */
public final class Binder {
    /** A decimal has at most so many digits before or behind its point that are not written. */
    private static final int MAX_SCALE = 1000;

    /** So many things that are wrong are told; who sends more wants a long answer, and no help. */
    private static final int MAX_PROBLEMS = 100;

    /** Stands for a component that has not been seen. */
    private static final Object MISSING = new Object();

    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(long.class, Long.class, short.class, Short.class, byte.class, Byte.class);

    private final JsonMapper mapper;

    /** At the first token of a value before it is bound, and at its last one afterwards. */
    private final JsonParser parser;

    private Map<String, String> problems = Map.of();

    /** How many there are, told or not. */
    private int found;

    private Binder(JsonMapper mapper, JsonParser parser) {
        this.mapper = mapper;
        this.parser = parser;
    }

    /**
     * The JSON as a value of a class.
     *
     * @throws BindingException if it is no JSON, or no such value
     */
    public static <T> T json(byte[] json, Class<T> type) {
        try {
            Utf8.requireWellFormed(json); // Jackson reads more than that
        } catch (MalformedTextException malformed) {
            throw BindingException.malformed("is " + malformed.getMessage(), malformed);
        }
        try (var parser = Mappers.parser(json)) {
            return new Binder(Mappers.STRICT, parser).bindWhole(type);
        } catch (StreamConstraintsException tooMuch) {
            throw BindingException.malformed(
                    "is nested deeper than %d or has a number of more than %d digits"
                            .formatted(Mappers.MAX_DEPTH, Mappers.MAX_NUMBER_LENGTH),
                    tooMuch);
        } catch (NumberFormatException tooMuch) { // which Jackson lets pass
            throw BindingException.malformed("has a number whose exponent is too large", tooMuch);
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            var where =
                    at == null
                            ? ""
                            : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
            throw BindingException.malformed("is not JSON" + where, malformed);
        }
    }

    /**
     * Arguments as a record: each component is the last value of that name, or all of them if it is
     * a list or set. An empty value counts as missing where it can't be meant: for all but texts. A
     * ticked box ({@code on}) is true.
     *
     * @throws BindingException if one is missing or doesn't fit
     */
    public static <T> T arguments(Map<String, List<String>> arguments, Class<T> type) {
        var shape = RecordShape.of(type);
        if (shape == null) {
            throw new IllegalArgumentException(type.getName() + " is not a plain record");
        }
        var tree = JsonNodeFactory.instance.objectNode();
        for (var component : shape.components()) {
            addValues(tree, component, arguments.getOrDefault(component.name(), List.of()));
        }
        return bind(tree, type);
    }

    /**
     * One text as a value of a class, such as a number, an enum's constant or a date.
     *
     * @throws BindingException if it doesn't fit
     */
    public static <T> T text(String text, Class<T> type) {
        return bind(JsonNodeFactory.instance.stringNode(text), type);
    }

    /** What was no JSON. */
    private static <T> T bind(JsonNode tree, Class<T> type) {
        try (var parser = Mappers.LENIENT.treeAsTokens(tree)) {
            return new Binder(Mappers.LENIENT, parser).bindWhole(type);
        }
    }

    private static void addValues(
            ObjectNode tree, RecordShape.Component component, List<String> values) {
        if (component.type().isCollectionLikeType()) {
            var list = tree.putArray(component.name());
            boolean ofTexts = component.type().getContentType().hasRawClass(String.class);
            values.stream().filter(value -> ofTexts || !value.isBlank()).forEach(list::add);
            return;
        }
        if (values.isEmpty()) {
            return;
        }
        var last = values.getLast();
        var content =
                component.empty() != null && component.type().containedTypeCount() > 0
                        ? component.type().containedType(0).getRawClass()
                        : component.type().getRawClass();
        if (content == String.class || !last.isBlank()) {
            boolean ticked =
                    last.equals("on") && (content == boolean.class || content == Boolean.class);
            tree.put(component.name(), ticked ? "true" : last);
        }
    }

    @SuppressWarnings("unchecked") // Class.cast knows nothing of primitive types
    private <T> T bindWhole(Class<T> type) {
        if (parser.nextToken() == null) {
            throw BindingException.malformed("is empty (expected JSON)", null);
        }
        var shape = RecordShape.of(type);
        var value = shape != null ? bindRecord(shape) : bind(mapper.constructType(type));
        if (value == null && found == 0) {
            problem("must not be null");
        }
        if (parser.nextToken() != null) {
            throw BindingException.malformed("goes on behind its end", null);
        }
        if (found > 0) {
            throw BindingException.unfit(problems);
        }
        return (T) Objects.requireNonNull(value);
    }

    /** A component or element that has to be there; null if there is a problem with it. */
    private @Nullable Object bindPresent(JavaType type) {
        if (isNull()) {
            problem("must not be null");
            return null;
        }
        int before = found;
        var value = bind(type);
        if (value == null && found == before) { // as Jackson makes of some empty texts and lists
            problem(expected(type));
        }
        return value;
    }

    /** The value; null as well if there is a problem with it, which is in the list then. */
    private @Nullable Object bind(JavaType type) {
        var raw = type.getRawClass();
        var simple = bindSimple(raw);
        if (simple != null) {
            return simple;
        }
        var shape = RecordShape.of(raw);
        if (shape != null) {
            return bindRecord(shape);
        }
        if (raw == Optional.class) {
            return Optional.ofNullable(isNull() ? null : bind(type.containedTypeOrUnknown(0)));
        }
        if (raw == List.class || raw == Collection.class || raw == Set.class) {
            return bindAll(type);
        }
        if (raw == Map.class && type.getKeyType().hasRawClass(String.class)) {
            return bindMap(type);
        }
        return bindOther(type);
    }

    /** The commonest values, which need no more than the parser; null: others. */
    private @Nullable Object bindSimple(Class<?> type) {
        var token = parser.currentToken();
        if (type == String.class) {
            return token == JsonToken.VALUE_STRING ? parser.getString() : null;
        }
        if (type == int.class || type == Integer.class) {
            return isWhole(token, NumberType.INT) ? parser.getIntValue() : null;
        }
        if (type == long.class || type == Long.class) {
            return isWhole(token, NumberType.LONG) ? parser.getLongValue() : null;
        }
        if (type == double.class || type == Double.class) {
            return token != null && token.isNumeric() ? finite(parser.getDoubleValue()) : null;
        }
        if (type == boolean.class || type == Boolean.class) {
            return token == JsonToken.VALUE_TRUE
                    ? Boolean.TRUE
                    : token == JsonToken.VALUE_FALSE ? Boolean.FALSE : null;
        }
        return null;
    }

    private boolean isWhole(@Nullable JsonToken token, NumberType atMost) {
        return token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType().compareTo(atMost) <= 0;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** What Jackson knows how to make. */
    private @Nullable Object bindOther(JavaType type) {
        JsonNode tree = Mappers.TREES.readTree(parser);
        try {
            var value = mapper.<@Nullable Object>treeToValue(tree, type);
            if (isMeant(value)) {
                return value;
            }
            problem(expected(type));
        } catch (JacksonException unfit) {
            var inside = unfit.getPath();
            problem(
                    place -> inside.forEach(step -> append(place, step)),
                    inside.isEmpty() ? expected(type) : "doesn't fit");
        }
        return null;
    }

    private static void append(StringBuilder place, JacksonException.Reference step) {
        if (step.getPropertyName() == null) {
            appendIndex(place, step.getIndex());
        } else {
            appendName(place, step.getPropertyName());
        }
    }

    /**
     * Whether it is a value that somebody may have meant. Jackson takes the texts NaN and Infinity
     * for numbers, which pass every check of a range or none, and decimals whose exponent makes
     * them fill the memory once they are written out.
     */
    private static boolean isMeant(@Nullable Object value) {
        return switch (value) {
            case Double number -> Double.isFinite(number);
            case Float number -> Float.isFinite(number);
            case OptionalDouble number -> number.isEmpty() || Double.isFinite(number.getAsDouble());
            case BigDecimal number -> Math.abs((long) number.scale()) <= MAX_SCALE;
            case null, default -> true;
        };
    }

    private @Nullable Object bindRecord(RecordShape shape) {
        if (!isAt(JsonToken.START_OBJECT, "must be an object")) {
            return null;
        }
        int before = found;
        var components = shape.components();
        var values = new @Nullable Object[components.size()];
        Arrays.fill(values, MISSING);
        int likely = 0;
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            int at = shape.indexOf(name, likely);
            likely = at + 1;
            if (at < 0) {
                skipUnknown(shape);
            } else if (values[at] != MISSING) {
                throw twice(name);
            } else {
                parser.nextToken();
                values[at] = bindComponent(components.get(at));
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == MISSING) {
                values[i] = bindMissing(components.get(i));
            }
        }
        return found > before ? null : construct(shape, values);
    }

    /** Whether the value begins as it should; if not, that is a problem and it is passed over. */
    private boolean isAt(JsonToken start, String problem) {
        if (parser.currentToken() == start) {
            return true;
        }
        problem(problem);
        parser.skipChildren();
        return false;
    }

    private void skipUnknown(RecordShape shape) {
        if (!shape.ignoresUnknown()) {
            problem("is unknown");
        }
        parser.nextToken();
        parser.skipChildren();
    }

    private static BindingException twice(String name) {
        return BindingException.malformed("has the field " + name + " twice", null);
    }

    private @Nullable Object bindComponent(RecordShape.Component component) {
        if (component.isRequired()) {
            return bindPresent(component.type());
        }
        return isNull() ? component.empty() : bind(component.type());
    }

    private @Nullable Object bindMissing(RecordShape.Component component) {
        if (component.isRequired()) { // in the record, which has ended
            problem(place -> appendName(place, component.name()), "is missing");
        }
        return component.empty();
    }

    private @Nullable Object construct(RecordShape shape, @Nullable Object[] values) {
        try {
            return shape.constructor().newInstance(values);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case IllegalArgumentException refused ->
                        problem(String.valueOf(refused.getMessage()));
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case null, default -> throw new IllegalStateException(e);
            }
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + shape.constructor(), e);
        }
    }

    private @Nullable Object bindAll(JavaType type) {
        if (!isAt(JsonToken.START_ARRAY, "must be a list")) {
            return null;
        }
        var all = new ArrayList<Object>();
        int before = found;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            var value = bindElement(type.getContentType());
            if (value != null) {
                all.add(value);
            }
        }
        if (found > before) {
            return null;
        }
        return type.getRawClass() == Set.class
                ? Collections.unmodifiableSet(new LinkedHashSet<>(all))
                : Collections.unmodifiableList(all);
    }

    private @Nullable Object bindMap(JavaType type) {
        if (!isAt(JsonToken.START_OBJECT, "must be an object")) {
            return null;
        }
        var all = new LinkedHashMap<String, @Nullable Object>();
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            if (all.containsKey(name)) {
                throw twice(name);
            }
            parser.nextToken();
            all.put(name, bindElement(type.getContentType()));
        }
        all.values().removeIf(Objects::isNull);
        return Collections.unmodifiableMap(all);
    }

    private @Nullable Object bindElement(JavaType type) {
        return type.hasRawClass(Object.class) ? bind(type) : bindPresent(type);
    }

    /** There is something wrong with the value that the parser is at. */
    private void problem(String reason) {
        problem(_ -> {}, reason);
    }

    /**
     * There is something wrong with a part of the value. Places may be long, with all the names
     * that lead there: none is put together that isn't told.
     */
    private void problem(Consumer<StringBuilder> part, String reason) {
        if (found++ < MAX_PROBLEMS) {
            var place = place(parser.streamReadContext());
            part.accept(place);
            if (problems.isEmpty()) {
                problems = new LinkedHashMap<>();
            }
            problems.putIfAbsent(place.toString(), reason);
        }
    }

    /** Such as {@code items[2].price}; empty for the whole. */
    private static StringBuilder place(@Nullable TokenStreamContext context) {
        if (context == null) {
            return new StringBuilder();
        }
        var place = place(context.getParent());
        if (context.inObject() && context.hasCurrentName()) {
            appendName(place, context.currentName());
        } else if (context.inArray() && context.hasCurrentIndex()) {
            appendIndex(place, context.getCurrentIndex());
        }
        return place;
    }

    private static void appendName(StringBuilder place, String name) {
        place.append(place.isEmpty() ? "" : ".").append(name);
    }

    private static void appendIndex(StringBuilder place, int index) {
        place.append('[').append(index).append(']');
    }

    /** What a value of that type looks like to who writes it. */
    private static String expected(JavaType type) {
        var raw = type.getRawClass();
        if (raw == int.class || raw == Integer.class || raw == OptionalInt.class) {
            return "must be a whole number from -2147483648 to 2147483647";
        }
        if (raw == OptionalLong.class) {
            return "must be a whole number in the range of a long";
        }
        if (WHOLE_NUMBERS.contains(raw)) {
            var range = raw.getSimpleName().toLowerCase(Locale.ROOT);
            return "must be a whole number in the range of a " + range;
        }
        if (raw == double.class
                || raw == float.class
                || raw == OptionalDouble.class
                || Number.class.isAssignableFrom(raw)) {
            return "must be a number";
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return "must be true or false";
        }
        if (raw == String.class) {
            return "must be text";
        }
        if (raw.isEnum()) {
            return Arrays.stream(raw.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .collect(Collectors.joining(", ", "must be one of ", ""));
        }
        return "must be a " + raw.getSimpleName();
    }
}
