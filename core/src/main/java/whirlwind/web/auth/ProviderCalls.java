package whirlwind.web.auth;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.escape.MalformedJsonException;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.HttpClientException;
import whirlwind.http.client.HttpProtocolException;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.http.client.HttpStatusException;
import whirlwind.http.client.HttpTimeoutException;
import whirlwind.loop.Async;
import whirlwind.web.auth.AuthException.Kind;

/** Asks a provider, and says what went wrong without repeating a word of what it said. */
final class ProviderCalls {
    /** Far beyond every token and profile, and nothing that could fill the memory. */
    private static final long MAX_ANSWER_BYTES = 1 << 20;

    private final Supplier<AsyncHttpClient> client;

    ProviderCalls(Supplier<AsyncHttpClient> client) {
        this.client = client;
    }

    /** A request of our own making: it is not followed elsewhere with our secrets. */
    static HttpRequest request(String url) {
        return HttpRequest.of(url)
                .withHeader("Accept", "application/json")
                .withMaxBodySize(MAX_ANSWER_BYTES)
                .withFollowRedirects(false);
    }

    /** The same with a form as its body. */
    static HttpRequest post(String url, Map<String, String> fields) {
        return request(url)
                .withMethod("POST")
                .withHeader("Content-Type", "application/x-www-form-urlencoded")
                .withBody(Urls.form(fields));
    }

    /** Suspends the coroutine; cancelled with it. */
    HttpResponse fetch(HttpRequest request) {
        var where = Urls.withoutQuery(request.url());
        try {
            return Async.await(client.get().fetch(request));
        } catch (HttpStatusException e) {
            throw new AuthException(Kind.PROVIDER, where + ": HTTP " + e.code(), e);
        } catch (HttpProtocolException e) {
            throw new AuthException(Kind.PROVIDER, where + ": an answer that is no HTTP", e);
        } catch (HttpTimeoutException e) {
            throw new AuthException(
                    Kind.UNREACHABLE, where + ": no answer in time, stage " + e.stage(), e);
        } catch (HttpClientException e) {
            throw new AuthException(Kind.UNREACHABLE, where + ": no whole answer", e);
        } catch (UncheckedIOException e) {
            throw new AuthException(Kind.UNREACHABLE, where + ": " + e.getMessage(), e);
        }
    }

    JsonNode json(HttpRequest request) {
        try {
            return Json.decode(fetch(request).body());
        } catch (MalformedJsonException _) { // its message quotes what it found
            throw new AuthException(Kind.PROVIDER, noObject(request));
        }
    }

    JsonNode object(HttpRequest request) {
        var found = json(request);
        if (!found.isObject()) {
            throw new AuthException(Kind.PROVIDER, noObject(request));
        }
        return found;
    }

    private static String noObject(HttpRequest request) {
        return Urls.withoutQuery(request.url()) + ": an answer that is no JSON";
    }

    /** A text of an object; null if there is none, or it is empty. */
    static @Nullable String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
    }
}
