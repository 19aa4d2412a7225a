package whirlwind.http.codec.stream;

import whirlwind.http.Headers;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.exchange.GivenFields;
import whirlwind.http.codec.exchange.Refusal;

/**
 * The head of a response over HTTP/2 or HTTP/3, which have neither reasons nor chunks, with its
 * body if that is given at once.
 *
 * @param given what {@code headers} has of the {@link GivenFields}
 * @param length the body's, to be added; {@link #AS_GIVEN}: nothing is
 * @param body empty if it comes later, or never
 */
record StreamHead(int status, Headers headers, int given, int length, byte[] body) {
    static final int AS_GIVEN = -1;

    /** A head as it is given, with no body that it tells of. */
    static StreamHead alone(int status, Headers headers) {
        return new StreamHead(status, headers, GivenFields.of(headers), AS_GIVEN, Output.NOTHING);
    }

    static StreamHead of(Refusal refusal) {
        return new StreamHead(
                refusal.status(), refusal.headers(), 0, refusal.body().length, refusal.body());
    }
}
