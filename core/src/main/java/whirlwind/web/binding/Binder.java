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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Makes one value of input, and collects what is wrong with it.
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

    private final JsonMapper mapper;

    /** Whether everything is text, and fields that nobody knows are nobody's business. */
    private final boolean arguments;

    private final Map<String, String> problems = new LinkedHashMap<>();

    /** How many there are, told or not. */
    private int found;

    private Binder(JsonMapper mapper, boolean arguments) {
        this.mapper = mapper;
        this.arguments = arguments;
    }

    /**
     * The JSON as a value of a class.
     *
     * @throws BindingException if it is no JSON, or no such value
     */
    public static <T> T json(byte[] json, Class<T> type) {
        return new Binder(Mappers.STRICT, false).bindWhole(parse(json), type);
    }

    /**
     * Arguments as a record: each component is the last value of that name, or all of them if it is
     * a list or set. An empty value counts as missing where it can't be meant: for all but texts. A
     * ticked box ({@code on}) is true.
     *
     * @throws BindingException if one is missing or doesn't fit
     */
    public static <T> T arguments(Map<String, List<String>> arguments, Class<T> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + " is not a record");
        }
        var tree = JsonNodeFactory.instance.objectNode();
        for (var component : RecordShape.of(type).components()) {
            var values = arguments.get(component.name());
            if (values != null) {
                addValues(tree, component, values);
            }
        }
        return new Binder(Mappers.LENIENT, true).bindWhole(tree, type);
    }

    /**
     * One text as a value of a class, such as a number, an enum's constant or a date.
     *
     * @throws BindingException if it doesn't fit
     */
    public static <T> T text(String text, Class<T> type) {
        return new Binder(Mappers.LENIENT, true)
                .bindWhole(JsonNodeFactory.instance.stringNode(text), type);
    }

    private static JsonNode parse(byte[] json) {
        try {
            var tree = Mappers.STRICT.readTree(json);
            if (tree.isMissingNode()) {
                throw BindingException.malformed("is empty (expected JSON)", null);
            }
            return tree;
        } catch (StreamConstraintsException tooMuch) {
            throw BindingException.malformed(
                    "is nested deeper than %d or has a number of more than %d digits"
                            .formatted(Mappers.MAX_DEPTH, Mappers.MAX_NUMBER_LENGTH),
                    tooMuch);
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            var where =
                    at == null
                            ? ""
                            : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
            throw BindingException.malformed("is not JSON" + where, malformed);
        }
    }

    private static void addValues(
            ObjectNode tree, RecordShape.Component component, List<String> values) {
        if (component.type().isCollectionLikeType()) {
            var list = tree.putArray(component.name());
            values.forEach(list::add);
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
    private <T> T bindWhole(JsonNode tree, Class<T> type) {
        var value = bind(tree, mapper.constructType(type), "");
        if (value == null && found == 0) {
            problem("", "must not be null");
        }
        if (found > 0) {
            throw BindingException.unfit(problems);
        }
        return (T) Objects.requireNonNull(value);
    }

    /** The value; null if there is a problem with it, which is in the list then. */
    private @Nullable Object bind(JsonNode node, JavaType type, String path) {
        var raw = type.getRawClass();
        if (raw.isRecord() && !RecordShape.of(raw).polymorphic()) {
            return bindRecord(node, raw, path);
        }
        if (raw == Optional.class) {
            return Optional.ofNullable(
                    node.isNull() ? null : bind(node, type.containedTypeOrUnknown(0), path));
        }
        if (raw == List.class || raw == Collection.class || raw == Set.class) {
            return bindAll(node, type, path);
        }
        if (raw == Map.class && type.getKeyType().hasRawClass(String.class)) {
            return bindMap(node, type, path);
        }
        var simple = simple(node, raw);
        try {
            Object value =
                    simple != null ? simple : mapper.<@Nullable Object>treeToValue(node, type);
            if (isMeant(value)) {
                return value;
            }
            problem(path, expected(type));
            return null;
        } catch (JacksonException unfit) {
            var inside = unfit.getPath();
            var where = new StringBuilder(path);
            for (var step : inside) {
                where.append(
                        step.getPropertyName() == null
                                ? "[" + step.getIndex() + "]"
                                : (where.isEmpty() ? "" : ".") + step.getPropertyName());
            }
            problem(where.toString(), inside.isEmpty() ? expected(type) : "doesn't fit");
            return null;
        }
    }

    /** The commonest values, as Jackson would read them with a parser for each; null: others. */
    private static @Nullable Object simple(JsonNode node, Class<?> type) {
        return switch (node) {
            case StringNode text when type == String.class -> text.stringValue();
            case IntNode number when type == int.class || type == Integer.class ->
                    number.intValue();
            case IntNode number when type == long.class || type == Long.class -> number.longValue();
            case LongNode number when type == long.class || type == Long.class ->
                    number.longValue();
            case DecimalNode number when type == double.class || type == Double.class ->
                    number.decimalValue().doubleValue();
            case BooleanNode truth when type == boolean.class || type == Boolean.class ->
                    truth.booleanValue();
            default -> null;
        };
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

    private @Nullable Object bindRecord(JsonNode node, Class<?> type, String path) {
        if (!(node instanceof ObjectNode object)) {
            problem(path, "must be an object");
            return null;
        }
        var shape = RecordShape.of(type);
        int before = found;
        var values = new ArrayList<@Nullable Object>(shape.components().size());
        for (var component : shape.components()) {
            values.add(bindComponent(object, component, inside(path, component.name())));
        }
        if (!arguments && !shape.ignoresUnknown()) {
            refuseUnknown(object, shape, path);
        }
        return found > before ? null : construct(shape, values, path);
    }

    private @Nullable Object bindComponent(
            ObjectNode object, RecordShape.Component component, String path) {
        var node = object.get(component.name());
        if (node != null && !node.isNull()) {
            return bind(node, component.type(), path);
        }
        var empty = component.empty();
        if (empty != null) {
            return empty;
        }
        boolean emptyList = arguments && component.type().isCollectionLikeType();
        if (emptyList) {
            return bind(JsonNodeFactory.instance.arrayNode(), component.type(), path);
        }
        if (!component.nullable()) {
            problem(path, node == null ? "is missing" : "must not be null");
        }
        return null;
    }

    private void refuseUnknown(ObjectNode object, RecordShape shape, String path) {
        for (var name : object.propertyNames()) {
            if (!shape.names().contains(name)) {
                problem(inside(path, name), "is unknown");
            }
        }
    }

    private @Nullable Object construct(
            RecordShape shape, List<@Nullable Object> values, String path) {
        try {
            return shape.constructor().newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case IllegalArgumentException refused ->
                        problem(path, String.valueOf(refused.getMessage()));
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case null, default -> throw new IllegalStateException(e);
            }
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + shape.constructor(), e);
        }
    }

    private @Nullable Object bindAll(JsonNode node, JavaType type, String path) {
        if (!node.isArray()) {
            problem(path, "must be a list");
            return null;
        }
        var all = new ArrayList<Object>(node.size());
        int before = found;
        for (int i = 0; i < node.size(); i++) {
            var value = bindElement(node.get(i), type.getContentType(), path + "[" + i + "]");
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

    private @Nullable Object bindMap(JsonNode node, JavaType type, String path) {
        if (!(node instanceof ObjectNode object)) {
            problem(path, "must be an object");
            return null;
        }
        var all = new LinkedHashMap<String, Object>();
        for (var entry : object.properties()) {
            var value =
                    bindElement(
                            entry.getValue(), type.getContentType(), inside(path, entry.getKey()));
            if (value != null) {
                all.put(entry.getKey(), value);
            }
        }
        return Collections.unmodifiableMap(all);
    }

    private @Nullable Object bindElement(JsonNode node, JavaType type, String path) {
        if (node.isNull() && !type.hasRawClass(Object.class)) {
            problem(path, "must not be null");
            return null;
        }
        return bind(node, type, path);
    }

    private void problem(String field, String reason) {
        found++;
        if (problems.size() < MAX_PROBLEMS) {
            problems.putIfAbsent(field, reason);
        }
    }

    private static String inside(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
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
        if (raw == long.class || raw == Long.class || raw == short.class || raw == byte.class) {
            return "must be a whole number in the range of a " + raw.getSimpleName();
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
