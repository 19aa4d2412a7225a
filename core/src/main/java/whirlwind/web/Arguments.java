package whirlwind.web;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;
import whirlwind.web.binding.Binder;
import whirlwind.web.binding.BindingException;

/** Arguments of a request as handlers see them. */
final class Arguments {
    private Arguments() {}

    static String required(String name, Map<String, List<String>> arguments) {
        var values = arguments.get(name);
        if (values == null) {
            throw new MissingArgumentException(name);
        }
        return clean(values.getLast());
    }

    static @Nullable String last(
            String name, Map<String, List<String>> arguments, @Nullable String fallback) {
        var values = arguments.get(name);
        return values == null ? fallback : clean(values.getLast());
    }

    static List<String> all(String name, Map<String, List<String>> arguments) {
        return arguments.getOrDefault(name, List.of()).stream().map(Arguments::clean).toList();
    }

    static <T> T json(HttpServerRequest request, Class<T> type) {
        var contentType = request.headers().get("Content-Type");
        if (contentType != null && !DefaultErrorPage.isJson(contentType)) {
            throw new HttpError(
                    415, "Content-Type: " + contentType + " (expected application/json)");
        }
        try {
            return Binder.json(request.body(), type);
        } catch (BindingException e) {
            throw InvalidInputException.of(e.isMalformed() ? 400 : 422, e);
        }
    }

    static <T> T record(Map<String, List<String>> arguments, Class<T> type, int status) {
        try {
            return Binder.arguments(arguments, type);
        } catch (BindingException e) {
            throw InvalidInputException.of(status, e);
        }
    }

    static <T> T path(String argument, Class<T> type) {
        try {
            return Binder.text(argument, type);
        } catch (BindingException e) {
            throw new HttpError(404, "path argument: it " + e.problems().get(""));
        }
    }

    /** Control characters that no text has, tabs and line ends aside, become spaces. */
    private static String clean(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (isControl(value.charAt(i))) {
                return replaceControls(value).strip();
            }
        }
        return value.strip();
    }

    private static String replaceControls(String value) {
        var text = new StringBuilder(value);
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                text.setCharAt(i, ' ');
            }
        }
        return text.toString();
    }

    private static boolean isControl(char c) {
        return c <= 0x08 || (c >= 0x0E && c <= 0x1F);
    }
}
