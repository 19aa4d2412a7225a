package whirlwind.http.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/** How the body of an HTTP/1 message that comes piece by piece goes out. */
public enum TransferCoding {
    /** As it is: its length has been told, or the connection ends behind it. */
    NONE,
    /** In chunks, RFC 9112 section 7.1. */
    CHUNKED;

    /** Up to that size a piece is copied into its chunk: that costs less than three outputs. */
    private static final int SMALL = 1024;

    private static final Output CRLF = new Output.Bytes(Scratch.ascii("\r\n"));
    private static final Output LAST_CHUNK = new Output.Bytes(Scratch.ascii("0\r\n\r\n"));

    /** Adds a piece, which isn't empty: an empty chunk would be the last. */
    public void add(byte[] piece, Outbox outbox) {
        if (this == CHUNKED && piece.length <= SMALL) {
            outbox.add(new Output.Bytes(smallChunk(piece)));
        } else {
            add(piece.length, new Output.Bytes(piece), outbox);
        }
    }

    /** Adds a part of a file, which isn't empty. */
    public void add(Output.FileRange piece, Outbox outbox) {
        add(piece.count(), piece, outbox);
    }

    private void add(long size, Output piece, Outbox outbox) {
        if (this == NONE) {
            outbox.add(piece);
            return;
        }
        outbox.add(new Output.Bytes(chunkSize(size)));
        outbox.add(piece);
        outbox.add(CRLF);
    }

    /** Adds the end, with fields behind the body if there are any and they can go. */
    public void end(@Nullable Headers trailers, Outbox outbox) {
        if (this == CHUNKED) {
            outbox.add(trailers == null ? LAST_CHUNK : new Output.Bytes(lastChunk(trailers)));
        }
    }

    private static byte[] smallChunk(byte[] piece) {
        var size = chunkSize(piece.length);
        var chunk = Arrays.copyOf(size, size.length + piece.length + 2);
        System.arraycopy(piece, 0, chunk, size.length, piece.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }

    private static byte[] chunkSize(long size) {
        return Scratch.ascii(Long.toHexString(size) + "\r\n");
    }

    private static byte[] lastChunk(Headers trailers) {
        var scratch = new Scratch();
        scratch.latin1("0\r\n");
        trailers.forEach((name, value) -> {
            scratch.latin1(name);
            scratch.latin1(": ");
            scratch.latin1(value);
            scratch.latin1("\r\n");
        });
        scratch.latin1("\r\n");
        return Arrays.copyOf(scratch.array(), scratch.length());
    }
}
