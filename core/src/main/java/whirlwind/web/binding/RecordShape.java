package whirlwind.web.binding;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * What a record is made of; found out once per class.
 *
 * @param components in the order of the constructor
 * @param indexes of the components, by what input calls them
 * @param constructor the canonical one
 * @param ignoresUnknown whether input may have fields that the record has not
 */
record RecordShape(
        List<Component> components,
        Map<String, Integer> indexes,
        Constructor<?> constructor,
        boolean ignoresUnknown) {
    /**
     * One component.
     *
     * @param name what input calls it
     * @param nullable whether it may be missing, and is null then
     * @param empty what it is if it is missing; null if it isn't optional
     */
    record Component(String name, JavaType type, boolean nullable, @Nullable Object empty) {
        private static final Map<Class<?>, Object> OPTIONALS =
                Map.of(
                        Optional.class, Optional.empty(),
                        OptionalInt.class, OptionalInt.empty(),
                        OptionalLong.class, OptionalLong.empty(),
                        OptionalDouble.class, OptionalDouble.empty());

        Component(String name, JavaType type, boolean nullable) {
            this(name, type, nullable, OPTIONALS.get(type.getRawClass()));
        }

        /** Whether it has to be there, and not null. */
        boolean isRequired() {
            return !nullable && empty == null;
        }
    }

    private static final ClassValue<@Nullable RecordShape> OF_CLASSES =
            new ClassValue<>() {
                @Override
                protected @Nullable RecordShape computeValue(Class<?> type) {
                    return type.isRecord() && !isPolymorphic(type) ? examine(type) : null;
                }
            };

    /**
     * The shape of a class; null if that is no record, or one that Jackson is to read, for its JSON
     * says by a field of its own which of several classes it is.
     */
    static @Nullable RecordShape of(Class<?> type) {
        return OF_CLASSES.get(type);
    }

    /**
     * Which component has that name; -1: none.
     *
     * @param likely which one it most often is, for JSON has the order of who writes it
     */
    int indexOf(String name, int likely) {
        boolean found = likely < components.size() && components.get(likely).name().equals(name);
        return found ? likely : indexes.getOrDefault(name, -1);
    }

    private static boolean isPolymorphic(Class<?> type) {
        return type.isAnnotationPresent(JsonTypeInfo.class)
                || Arrays.stream(type.getInterfaces()).anyMatch(RecordShape::isPolymorphic);
    }

    private static RecordShape examine(Class<?> type) {
        var components = type.getRecordComponents();
        var types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            if (!constructor.trySetAccessible()) {
                throw notOpen(type);
            }
            var ignoring = type.getAnnotation(JsonIgnoreProperties.class);
            var all = Arrays.stream(components).map(RecordShape::component).toList();
            return new RecordShape(
                    all,
                    IntStream.range(0, all.size())
                            .boxed()
                            .collect(
                                    Collectors.toUnmodifiableMap(
                                            i -> all.get(i).name(), Function.identity())),
                    constructor,
                    ignoring != null && ignoring.ignoreUnknown());
        } catch (NoSuchMethodException e) {
            throw new AssertionError("every record has a canonical constructor", e);
        }
    }

    private static IllegalStateException notOpen(Class<?> type) {
        return new IllegalStateException(
                ("%s can't be made from input: its module keeps it to itself;"
                                + " say \"opens %s;\" in the module-info.java of %s")
                        .formatted(
                                type.getName(), type.getPackageName(), type.getModule().getName()));
    }

    private static Component component(RecordComponent component) {
        var named = component.getAccessor().getAnnotation(JsonProperty.class);
        return new Component(
                named == null || named.value().isEmpty() ? component.getName() : named.value(),
                Mappers.STRICT.constructType(component.getGenericType()),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class));
    }
}
