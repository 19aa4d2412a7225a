package whirlwind.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Which verbs a class of handlers implements, for the {@code Allow} header of a 405. Looked up once
 * per class.
 */
final class Verbs extends ClassValue<String> {
    static final Verbs ALLOWED = new Verbs();

    private static final List<String> VERBS =
            List.of("get", "head", "post", "put", "patch", "delete", "options");

    private Verbs() {}

    @Override
    protected String computeValue(Class<?> handler) {
        return VERBS.stream()
                .filter(verb -> overrides(handler, verb))
                .map(verb -> verb.toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static boolean overrides(Class<?> handler, String verb) {
        for (Class<?> c = handler; c != RequestHandler.class && c != null; c = c.getSuperclass()) {
            if (Arrays.stream(c.getDeclaredMethods())
                    .anyMatch(m -> m.getName().equals(verb) && m.getParameterCount() == 0)) {
                return true;
            }
        }
        return false;
    }
}
