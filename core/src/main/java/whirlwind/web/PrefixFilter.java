package whirlwind.web;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;

/** A filter for a path and all below it. */
record PrefixFilter(String prefix, Filter filter) implements Filter {
    PrefixFilter {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "prefix: \"" + prefix + "\" (begins with a slash, and doesn't end with one)");
        }
    }

    @Override
    public @Nullable RequestHandler answer(HttpServerRequest request) {
        return isBelow(request.path()) ? filter.answer(request) : null;
    }

    @Override
    public void complete(HttpServerRequest request, int status, Headers headers) {
        if (isBelow(request.path())) {
            filter.complete(request, status, headers);
        }
    }

    private boolean isBelow(String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
