/**
 * Requests as a server reads them, before anybody answers.
 *
 * <p>{@link whirlwind.http.codec.request.RequestReader} takes the bytes of HTTP/1 apart and refuses
 * what can be read in two ways, with {@link whirlwind.http.codec.request.BodyLength} and {@code
 * ChunkLine}. What a body is to become is decided by {@link
 * whirlwind.http.codec.request.RequestBodies}, for every version of HTTP: while it comes the
 * request is an {@link whirlwind.http.codec.request.IncomingRequest}, and the body is gathered, or
 * read piece by piece as a {@link whirlwind.http.codec.request.StreamedBody}, with its coding
 * undone. Which client a proxy has sent it for is its {@link whirlwind.http.codec.request.Origin}.
 *
 * <p>Nothing here knows connections or writes. Confined to the loop. Below: {@code http.codec}.
 * Above: {@code codec.exchange}, and those who read from sockets, {@code codec.stream} and {@code
 * codec.server}.
 */
@NullMarked
package whirlwind.http.codec.request;

import org.jspecify.annotations.NullMarked;
