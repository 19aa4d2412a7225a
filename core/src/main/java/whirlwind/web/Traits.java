package whirlwind.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a class of handlers says about itself, by annotations and overridden methods; found out once
 * per class.
 *
 * @param streamsBody {@link StreamRequestBody}
 * @param trailingSlash true for {@link AddSlash}, false for {@link RemoveSlash}, null for neither
 * @param allowed the verbs it answers, for the {@code Allow} header of a 405
 * @param answersOthers whether it has {@link RequestHandler#otherMethod}
 */
record Traits(
        boolean streamsBody,
        @Nullable Boolean trailingSlash,
        String allowed,
        boolean answersOthers) {
    private static final List<String> VERBS =
            List.of("get", "head", "post", "put", "patch", "delete", "options");

    private static final ClassValue<Traits> OF_CLASSES =
            new ClassValue<>() {
                @Override
                protected Traits computeValue(Class<?> handler) {
                    return new Traits(
                            handler.isAnnotationPresent(StreamRequestBody.class),
                            trailingSlash(handler),
                            allowed(handler),
                            overrides(handler, "otherMethod", 1));
                }
            };

    static Traits of(RequestHandler handler) {
        return OF_CLASSES.get(handler.getClass());
    }

    private static @Nullable Boolean trailingSlash(Class<?> handler) {
        boolean add = handler.isAnnotationPresent(AddSlash.class);
        boolean remove = handler.isAnnotationPresent(RemoveSlash.class);
        if (add && remove) {
            throw new IllegalStateException(
                    handler.getName() + " has both @AddSlash and @RemoveSlash");
        }
        return add || remove ? (Boolean) add : null;
    }

    private static String allowed(Class<?> handler) {
        return VERBS.stream()
                .filter(verb -> overrides(handler, verb, 0))
                .map(verb -> verb.toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static boolean overrides(Class<?> handler, String name, int parameters) {
        for (Class<?> c = handler; c != RequestHandler.class && c != null; c = c.getSuperclass()) {
            if (Arrays.stream(c.getDeclaredMethods())
                    .anyMatch(
                            m -> m.getName().equals(name) && m.getParameterCount() == parameters)) {
                return true;
            }
        }
        return false;
    }
}
