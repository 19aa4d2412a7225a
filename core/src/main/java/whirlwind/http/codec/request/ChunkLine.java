package whirlwind.http.codec.request;

import java.nio.charset.StandardCharsets;
import whirlwind.escape.Text;
import whirlwind.http.HttpInputException;
import whirlwind.http.codec.HeaderNames;

/**
 * The line before a chunk, RFC 9112 section 7.1: a size in hexadecimal digits, and extensions,
 * which mean nothing here but have to be what they should be: who is lenient about them may find
 * another end of the line than a proxy did.
 */
final class ChunkLine {
    /** More digits don't make a size that a limit would let pass. */
    private static final int MAX_DIGITS = 15;

    private final byte[] line;
    private final int start;
    private final int end;
    private int at;

    private ChunkLine(byte[] line, int start, int length) {
        this.line = line;
        this.start = start;
        this.end = start + length;
        this.at = start;
    }

    /**
     * The size that {@code length} bytes announce.
     *
     * @throws HttpInputException (400) if they are malformed
     */
    static long size(byte[] line, int start, int length) {
        var reader = new ChunkLine(line, start, length);
        long size = reader.digits();
        while (reader.at < reader.end) {
            reader.extension();
        }
        return size;
    }

    private long digits() {
        long size = 0;
        int digit;
        while (at < end && (digit = Character.digit(line[at], 16)) >= 0) {
            size = size << 4 | digit;
            at++;
        }
        if (at == start || at - start > MAX_DIGITS) {
            throw malformed();
        }
        return size;
    }

    /**
     * {@code ;name}, {@code ;name=token} or {@code ;name="quoted"}, with blanks that are allowed.
     */
    private void extension() {
        blanks();
        take(';');
        blanks();
        token();
        int behindName = at;
        blanks();
        if (at == end || line[at] != '=') {
            at = behindName;
            return;
        }
        at++;
        blanks();
        if (at < end && line[at] == '"') {
            quoted();
        } else {
            token();
        }
    }

    private void take(char expected) {
        if (at >= end || line[at] != expected) { // beyond it: a backslash was the last
            throw malformed();
        }
        at++;
    }

    private void blanks() {
        while (at < end && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
    }

    private void token() {
        int start = at;
        while (at < end && HeaderNames.isTokenByte(line[at])) {
            at++;
        }
        if (at == start) {
            throw malformed();
        }
    }

    private void quoted() {
        at++;
        while (at < end && line[at] != '"') {
            at += line[at] == '\\' ? 2 : 1;
            if (at <= end && isControl(line[at - 1])) {
                throw malformed();
            }
        }
        take('"');
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 0x7F;
    }

    private HttpInputException malformed() {
        int length = Math.min(end - start, 64);
        var text = new String(line, start, length, StandardCharsets.ISO_8859_1);
        return new HttpInputException("malformed chunk size " + Text.quoted(text));
    }
}
