package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.RequestStartLine;
import whirlwind.http.codec.HeaderNames;

/**
 * Takes the bytes of a connection apart into requests, RFC 9112, and hands what it finds to its
 * subclass. It lets pass what the grammar has, and of what the RFC leaves to the reader only this:
 * empty lines before a request, and a bare LF as the end of a line of the head. Folded lines, other
 * blanks than the two of the request line, stray control characters, and anything but CRLF between
 * chunks are refused, for each of them is what one party skips and the next one doesn't.
 *
 * <p>Netty's decoder reads all of these and can't be told not to, so this doesn't use it.
 */
public abstract class RequestReader extends ByteToMessageDecoder {
    /** Bytes in the line before a chunk. */
    private static final int MAX_CHUNK_LINE = 1024;

    /**
     * What the lines between chunks may have in all, beyond 16 bytes a chunk and twice the chunks
     * themselves: a body that is nearly all extensions is meant to cost, not to tell.
     */
    private static final int MAX_CHUNK_WASTE = 16 << 10;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** What is to come next. */
    private enum Part {
        START_LINE,
        FIELD,
        /** The body, or what is left of it. */
        BODY,
        CHUNK_SIZE,
        /** What is left of a chunk. */
        CHUNK,
        /** The line end behind a chunk. */
        CHUNK_END,
        TRAILER,
        /** Nothing: what came was malformed. */
        NOTHING
    }

    private static final Headers NO_TRAILERS = new Headers();

    private final Lines lines;
    private final int maxStartLine;
    private final int maxHeaderSize;

    private Part next = Part.START_LINE;

    /** How much of an unfinished line has been searched for its end. */
    private int searched;

    private @Nullable RequestStartLine startLine;

    /** Of the head, and then of the trailers; null before the first one. */
    private @Nullable Headers fields;

    /** The size of the head's fields, and of the trailers. */
    private int fieldBytes;

    /** What the body or the chunk still lacks. */
    private long missing;

    private long chunkWaste;

    /** With the server's lines, and how long, in bytes, a request line and all fields may be. */
    protected RequestReader(Lines lines, int maxStartLine, int maxHeaderSize) {
        this.lines = lines;
        this.maxStartLine = maxStartLine;
        this.maxHeaderSize = maxHeaderSize;
    }

    /**
     * The head of a request is there, and found to be well formed.
     *
     * @param length the body's, or {@link BodyLength#IN_CHUNKS}; 0: there is none, and this is all
     */
    protected abstract void head(RequestStartLine startLine, Headers headers, long length);

    /** A piece of the body; not to be kept. */
    protected abstract void piece(ByteBuf bytes);

    /** The body is whole; the trailers are what came behind its chunks, not to be changed. */
    protected abstract void end(Headers trailers);

    /** What came is not HTTP. Nothing more will be read. */
    protected abstract void malformed(HttpInputException why);

    /**
     * Takes what is there, and no more than one request's head, with what there is of its body, or
     * one piece of a body.
     */
    protected final void read(ByteBuf in) {
        boolean isHead = next == Part.START_LINE || next == Part.FIELD;
        lines.begin(in, isHead || next == Part.TRAILER);
        try {
            switch (next) {
                case START_LINE, FIELD -> readHead(in);
                case BODY -> readBody(in);
                case CHUNK_SIZE -> readChunkSize(in);
                case CHUNK -> readChunk(in);
                case CHUNK_END -> readChunkEnd(in);
                case TRAILER -> readTrailers(in);
                case NOTHING -> in.skipBytes(in.readableBytes());
            }
        } catch (HttpInputException e) {
            next = Part.NOTHING;
            in.skipBytes(in.readableBytes());
            malformed(e);
        }
    }

    /**
     * Whether a part of a head has come; line ends, as some clients send behind a body, are none.
     */
    protected final boolean isInHead(ByteBuf in) {
        return next == Part.FIELD || (in.isReadable() && !isLineEnd(in.getByte(in.readerIndex())));
    }

    private static boolean isLineEnd(byte b) {
        return b == CR || b == LF;
    }

    // ---- heads ----

    private void readHead(ByteBuf in) {
        while (next == Part.START_LINE) {
            requireHttp(in);
            int length = line(in, maxStartLine, 414);
            if (length < 0) {
                return;
            }
            if (length > 0) {
                startLine = RequestStartLine.parse(lines.text(0, length));
                next = Part.FIELD;
            }
        }
        int length;
        while ((length = line(in, roomForFields(), 431)) > 0) {
            addField(length);
        }
        if (length == 0) {
            endOfHead();
            if (next == Part.BODY && in.isReadable()) { // which has been copied with the head
                readBody(in);
            }
        }
    }

    /** What can't become a request is not waited for: TLS, for one, never ends its line. */
    private static void requireHttp(ByteBuf in) {
        if (in.isReadable()) {
            byte first = in.getByte(in.readerIndex());
            if (!isLineEnd(first) && !HeaderNames.isTokenByte(first)) {
                throw new HttpInputException(
                        "not HTTP, begins with 0x" + Integer.toHexString(first & 0xFF));
            }
        }
    }

    private void endOfHead() {
        var line = Objects.requireNonNull(startLine);
        var headers = fields == null ? new Headers() : fields;
        startLine = null;
        fields = null;
        missing = BodyLength.of(line.version(), headers);
        if (missing == 0) {
            expectRequest();
        } else {
            next = missing == BodyLength.IN_CHUNKS ? Part.CHUNK_SIZE : Part.BODY;
        }
        head(line, headers, missing);
    }

    private void endOfBody() {
        var trailers = fields == null ? NO_TRAILERS : fields;
        expectRequest();
        end(trailers);
    }

    private void expectRequest() {
        next = Part.START_LINE;
        fields = null;
        fieldBytes = 0;
        chunkWaste = 0;
    }

    // ---- bodies ----

    private void readBody(ByteBuf in) {
        if (readMissing(in)) {
            endOfBody();
        }
    }

    /** Hands on what is there of the body or chunk; whether that was all. */
    private boolean readMissing(ByteBuf in) {
        int size = (int) Math.min(missing, in.readableBytes());
        missing -= size;
        var copied = lines.copyOf(in, size);
        if (copied != null) {
            in.skipBytes(size);
            piece(copied);
        } else if (size > 0 && size == in.readableBytes()) { // as most often: it needs no view
            piece(in);
            in.readerIndex(in.writerIndex());
        } else if (size > 0) {
            piece(in.readSlice(size));
        }
        return missing == 0;
    }

    private void readChunkSize(ByteBuf in) {
        int length = strictLine(in, MAX_CHUNK_LINE, 400);
        if (length < 0) {
            return;
        }
        missing = ChunkLine.size(lines.bytes(), lines.start(), length);
        chunkWaste = Math.max(0, chunkWaste + length - 16 - 2 * missing);
        if (chunkWaste > MAX_CHUNK_WASTE) {
            throw new HttpInputException("chunks that are nearly all extensions");
        }
        next = missing == 0 ? Part.TRAILER : Part.CHUNK;
    }

    private void readChunk(ByteBuf in) {
        if (readMissing(in)) {
            next = Part.CHUNK_END;
        }
    }

    private void readChunkEnd(ByteBuf in) {
        if (strictLine(in, 0, 400) == 0) {
            next = Part.CHUNK_SIZE;
        }
    }

    private void readTrailers(ByteBuf in) {
        int length;
        while ((length = strictLine(in, roomForFields(), 431)) > 0) {
            addField(length);
            requirePermitted(Objects.requireNonNull(fields));
        }
        if (length == 0) {
            endOfBody();
        }
    }

    /** RFC 9110 section 6.5.1. */
    private static void requirePermitted(Headers trailers) {
        var name = trailers.nameAt(trailers.size() - 1);
        if (!Headers.mayTrail(name)) {
            throw new HttpInputException("trailer " + name + " belongs into the head");
        }
    }

    // ---- lines ----

    private int roomForFields() {
        return Math.max(0, maxHeaderSize - fieldBytes);
    }

    private void addField(int length) {
        fieldBytes += length + 2;
        if (lines.isBlankAt(0)) {
            throw new HttpInputException("folded header line");
        }
        int colon = lines.indexOf(':', length);
        if (colon < 0) {
            throw new HttpInputException("header line without a colon");
        }
        int start = colon + 1;
        int end = length;
        while (start < end && lines.isBlankAt(start)) {
            start++;
        }
        while (start < end && lines.isBlankAt(end - 1)) {
            end--;
        }
        if (fields == null) {
            fields = new Headers();
        }
        var known = HeaderNames.find(lines.bytes(), lines.start(), colon);
        var name = known != null ? known.toString() : lines.text(0, colon);
        var value = lines.text(start, end);
        try {
            if (known != null && lines.isPlain(start, end)) {
                fields.addTrusted(name, value);
            } else {
                fields.add(name, value);
            }
        } catch (HeaderSyntaxException e) {
            throw new HttpInputException(400, String.valueOf(e.getMessage()), e);
        }
    }

    /** As {@link #line}, but only CRLF ends it. */
    private int strictLine(ByteBuf in, int limit, int status) {
        int start = in.readerIndex();
        int length = line(in, limit, status);
        if (length >= 0 && in.readerIndex() - start != length + 2) {
            throw new HttpInputException("line among chunks that doesn't end with CRLF");
        }
        return length;
    }

    /**
     * Takes the next line, without its end; its length, or -1 if it isn't whole.
     *
     * @param limit the length that it may have
     * @param status for a line that is longer
     */
    private int line(ByteBuf in, int limit, int status) {
        int start = in.readerIndex();
        int lf = lines.lineFeed(start + searched);
        int length = (lf < 0 ? in.writerIndex() : lf) - start;
        if (length > 0 && lines.at(start + length - 1) == CR) {
            length--;
        }
        if (length > limit) {
            throw new HttpInputException(
                    status, "line of " + length + " bytes or more (at most " + limit + ")");
        }
        if (lf < 0) {
            searched = in.readableBytes();
            return -1;
        }
        searched = 0;
        lines.take(start, length);
        in.readerIndex(lf + 1);
        return length;
    }

    /** The base would go on reading what nobody wants yet, for it hands nothing on. */
    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    /**
     * Nothing comes after the end of the input: a request that isn't whole by then never was one.
     */
    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {}
}
