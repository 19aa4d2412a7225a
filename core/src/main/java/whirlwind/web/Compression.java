package whirlwind.web;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.web.compression.Compressor;
import whirlwind.web.compression.ContentCoding;

/**
 * Compresses what is text and long enough, for clients that take it. Tornado: {@code
 * GZipContentEncoding}.
 */
final class Compression implements OutputTransform {
    /** A body shorter than this, whole, gets longer or not worth it: it fits in one packet. */
    private static final int MIN_BYTES = 1024;

    private static final byte[] NOTHING = new byte[0];

    private static final Set<String> COMPRESSIBLE =
            Set.of(
                    "application/javascript",
                    "application/x-javascript",
                    "application/xml",
                    "application/json",
                    "application/wasm");

    private final @Nullable String accepted;
    private @Nullable Compressor compressor;

    private Compression(@Nullable String accepted) {
        this.accepted = accepted;
    }

    static OutputTransform of(HttpServerRequest request) {
        return new Compression(request.headers().get("Accept-Encoding"));
    }

    private @Nullable ContentCoding coding() {
        return accepted == null ? null : ContentCoding.choose(accepted);
    }

    @Override
    public byte[] transformFirstPiece(
            int status, Headers headers, byte[] piece, boolean finishing) {
        if ((HttpStatus.hasNoBody(status) && status != 304)
                || !isCompressible(headers.get("Content-Type"))) {
            return piece;
        }
        Vary.on(headers, "Accept-Encoding");
        if (status == 304) {
            if (coding() != null && !headers.contains("Content-Encoding")) {
                weaken(headers); // the whole response had a weak tag, if it was compressed
            }
            return piece;
        }
        var coding = isWorthIt(status, headers, piece, finishing) ? coding() : null;
        if (coding == null) {
            return piece;
        }
        headers.set("Content-Encoding", coding.token());
        headers.remove("Content-Length");
        headers.remove("Accept-Ranges"); // ranges of the file are none of this
        weaken(headers);
        compressor = coding.open();
        return transformPiece(piece, finishing);
    }

    @Override
    public byte[] transformPiece(byte[] piece, boolean finishing) {
        if (compressor == null) {
            return piece;
        }
        if (piece.length == 0 && !finishing) {
            return NOTHING;
        }
        return compressor.compress(piece, finishing);
    }

    @Override
    public boolean changesBody() {
        return compressor != null;
    }

    @Override
    public void end() {
        if (compressor != null) {
            compressor.close();
        }
    }

    /** Parts of a file are left alone: their ranges count the bytes of the whole as it is. */
    private static boolean isWorthIt(int status, Headers headers, byte[] piece, boolean finishing) {
        return status != 206
                && !isShort(headers, piece, finishing)
                && !headers.contains("Content-Encoding")
                && !headers.contains("Content-Range")
                && !headers.containsToken("Cache-Control", "no-transform");
    }

    /** HEAD is answered with a length, of what GET answers with. */
    private static boolean isShort(Headers headers, byte[] piece, boolean finishing) {
        if (finishing) {
            return piece.length < MIN_BYTES;
        }
        var length = headers.get("Content-Length");
        return length != null
                && length.matches("[0-9]{1,4}")
                && Integer.parseInt(length) < MIN_BYTES;
    }

    private static boolean isCompressible(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        var type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        var plain = type.strip().toLowerCase(Locale.ROOT);
        return plain.startsWith("text/")
                || plain.endsWith("+json")
                || plain.endsWith(
                        "+xml") // application/xhtml+xml, application/atom+xml, image/svg+xml
                || COMPRESSIBLE.contains(plain);
    }

    /** RFC 9110 section 8.8.1: a strong tag stands for the same bytes, and these are others. */
    private static void weaken(Headers headers) {
        var etag = headers.get("Etag");
        if (etag != null && !etag.startsWith("W/")) {
            headers.set("Etag", "W/" + etag);
        }
    }
}
