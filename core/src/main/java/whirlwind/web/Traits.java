package whirlwind.web;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a class of handlers says about itself, by annotations and overridden methods; found out once
 * per class.
 *
 * @param streamsBody {@link StreamRequestBody}
 * @param trailingSlash true for {@link AddSlash}, false for {@link RemoveSlash}, null for neither
 * @param allowed the verbs it answers, for the {@code Allow} header of a 405
 * @param answersOthers whether it has {@link RequestHandler#otherMethod}
 * @param forUsers the names of the methods that are {@link Authenticated}
 */
record Traits(
        boolean streamsBody,
        @Nullable Boolean trailingSlash,
        String allowed,
        boolean answersOthers,
        Set<String> forUsers) {
    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private static final List<String> VERBS =
            List.of("get", "head", "post", "put", "patch", "delete", "options");

    private static final String OTHERS = "otherMethod";

    private static final ClassValue<Traits> OF_CLASSES =
            new ClassValue<>() {
                @Override
                protected Traits computeValue(Class<?> handler) {
                    return examine(handler);
                }
            };

    static Traits of(RequestHandler handler) {
        return OF_CLASSES.get(handler.getClass());
    }

    /** Whether the method for a verb is for users alone. */
    boolean isForUsers(String verb) {
        return !forUsers.isEmpty()
                && forUsers.contains(
                        switch (verb) {
                            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" ->
                                    verb.toLowerCase(Locale.ROOT);
                            default -> OTHERS; // "get" too: case matters
                        });
    }

    private static Traits examine(Class<?> handler) {
        var methods = methods(handler);
        if (methods.isEmpty()) {
            warnOfParameters(handler);
        }
        return new Traits(
                handler.isAnnotationPresent(StreamRequestBody.class),
                trailingSlash(handler),
                VERBS.stream()
                        .filter(methods::containsKey)
                        .map(verb -> verb.toUpperCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")),
                methods.containsKey(OTHERS),
                methods.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet()));
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

    /** The methods of verbs that a class overrides, each with whether it is for users alone. */
    private static Map<String, Boolean> methods(Class<?> handler) {
        boolean whole = handler.isAnnotationPresent(Authenticated.class);
        var methods = new HashMap<String, Boolean>();
        for (Class<?> c = handler; c != RequestHandler.class; c = c.getSuperclass()) {
            for (var method : c.getDeclaredMethods()) {
                if (!method.isSynthetic() && isVerb(method.getName(), method.getParameterCount())) {
                    boolean marked = whole || method.isAnnotationPresent(Authenticated.class);
                    methods.putIfAbsent(method.getName(), marked);
                }
            }
        }
        return methods;
    }

    /** Tornado's handlers get a path's arguments as parameters; here that is another method. */
    private static void warnOfParameters(Class<?> handler) {
        for (var method : handler.getDeclaredMethods()) {
            if (VERBS.contains(method.getName())) {
                log.warn(
                        "{} is never called, for {}() has no parameters: getPathArgument has what a"
                                + " path says",
                        method,
                        method.getName());
            }
        }
    }

    private static boolean isVerb(String name, int parameters) {
        return parameters == 0 ? VERBS.contains(name) : parameters == 1 && name.equals(OTHERS);
    }
}
