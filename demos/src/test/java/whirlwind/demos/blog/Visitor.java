package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.FormElement;
import whirlwind.demos.RunningDemo;
import whirlwind.escape.Url;

/**
 * Somebody with a browser of their own: it keeps cookies, follows redirects, and fills in forms.
 */
final class Visitor implements AutoCloseable {
    private final RunningDemo demo;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(cookies).followRedirects(Redirect.NORMAL).build();
    private String language = "en";

    /** What came in the end. */
    record Answer(URI uri, int status, HttpHeaders headers, String body) {
        Document page() {
            return Jsoup.parse(body, uri.toString());
        }

        /** The one piece of the page that a selector names, as text. */
        String text(String selector) {
            var found = page().select(selector);
            assertThat(found).describedAs("%s in %s", selector, body).hasSize(1);
            return found.text();
        }

        /** The XSRF token in the page's form. */
        String token() {
            return page().select("main input[name=_xsrf]").val();
        }

        String path() {
            return uri.getRawPath();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    Visitor(RunningDemo demo) {
        this.demo = demo;
    }

    /** One with another browser language. */
    Visitor speaking(String acceptLanguage) {
        language = acceptLanguage;
        return this;
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(demo.uri(path)).GET());
    }

    /** Posts what no form has to do with. */
    Answer post(String path, Map<String, String> fields) {
        var body = new StringBuilder();
        fields.forEach((name, value) ->
                body.append(body.isEmpty() ? "" : "&")
                        .append(Url.escape(name))
                        .append('=')
                        .append(Url.escape(value)));
        return send(
                HttpRequest.newBuilder(demo.uri(path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body.toString())));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            var response =
                    client.send(
                            request.header("Accept-Language", language).build(),
                            BodyHandlers.ofString());
            return new Answer(
                    response.uri(), response.statusCode(), response.headers(), response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Fills in the one form in a page's text and submits it. */
    Answer submit(String path, Map<String, String> fields) {
        return submit(get(path), "main form", fields);
    }

    /** Fills in a form of the page at a path and submits it. */
    Answer submit(String path, String selector, Map<String, String> fields) {
        return submit(get(path), selector, fields);
    }

    /** Fills in a form of a page and submits it, with what is hidden in it. */
    Answer submit(Answer answer, String selector, Map<String, String> fields) {
        var found = answer.page().select(selector);
        assertThat(found).describedAs("%s in %s", selector, answer.body()).hasSize(1);
        var form = (FormElement) found.getFirst();
        var all = new LinkedHashMap<String, String>();
        form.formData().forEach(field -> all.put(field.key(), field.value()));
        assertThat(all.keySet()).containsAll(fields.keySet());
        all.putAll(fields);
        var action = form.hasAttr("action") ? URI.create(form.absUrl("action")) : answer.uri();
        return post(action.getRawPath(), all);
    }

    Visitor signUp(String name) {
        var answer = submit("/sign-up", Map.of("name", name, "password", passwordOf(name)));
        assertThat(answer.text(".top .me")).isEqualTo(name);
        return this;
    }

    static String passwordOf(String name) {
        return "the password of " + name;
    }

    /** Publishes a post; its page. */
    Answer write(String title, String body) {
        return submit("/posts/new", Map.of("title", title, "body", body));
    }

    HttpCookie cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cookie " + name));
    }

    boolean hasCookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .anyMatch(cookie -> cookie.getName().equals(name));
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
