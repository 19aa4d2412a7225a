package whirlwind.http.client;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HeaderValue;
import whirlwind.http.Headers;
import whirlwind.http.HttpVersion;

/**
 * How a fetch ended: what the server answered or, where {@link #code} is {@link
 * HttpClientException#NO_RESPONSE}, that it didn't. Tornado: {@code HTTPResponse}.
 *
 * @param request the one given to {@code fetch}, whatever redirects made of it
 * @param version of the protocol that the answer came with
 * @param code the status
 * @param reason the server's words; the standard ones where it sent none
 * @param headers the answer's fields
 * @param trailers the fields that came behind the body, RFC 9110 section 6.5; empty where there are
 *     none, as nearly always
 * @param body empty if there is none or it went to a {@link StreamingCallback}
 * @param effectiveUrl where the answer came from, after redirects
 * @param error why this is no success; null if it is one
 * @param requestTime from the end of the waiting for a slot to the end, redirects included
 * @param startTime when that began; null if it never did
 * @param timeInfo what was measured, by libcurl's names: {@code queue}, how long it waited for a
 *     slot; and from the start, {@code connect}, {@code starttransfer} and {@code total}; the
 *     transport may add more
 */
public record HttpResponse(
        HttpRequest request,
        HttpVersion version,
        int code,
        String reason,
        Headers headers,
        Headers trailers,
        byte[] body,
        String effectiveUrl,
        @Nullable RuntimeException error,
        Duration requestTime,
        @Nullable Instant startTime,
        Map<String, Duration> timeInfo) {

    /** Throws {@link #error} if there is one. */
    public void rethrow() {
        if (error != null) {
            throw error;
        }
    }

    HttpResponse withError(RuntimeException error) {
        return new HttpResponse(
                request,
                version,
                code,
                reason,
                headers,
                trailers,
                body,
                effectiveUrl,
                error,
                requestTime,
                startTime,
                timeInfo);
    }

    /** The body in the charset that {@code Content-Type} names, else in UTF-8. */
    public String text() {
        return new String(body, charset());
    }

    private Charset charset() {
        var name = HeaderValue.parse(headers.get("Content-Type", "")).parameter("charset");
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    /** Code, reason and URL. */
    @Override
    public String toString() {
        return "HttpResponse[" + code + " " + reason + ", " + effectiveUrl + "]";
    }
}
