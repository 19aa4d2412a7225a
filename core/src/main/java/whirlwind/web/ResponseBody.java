package whirlwind.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a handler has written and not flushed. One piece, the usual case, is never copied. */
final class ResponseBody {
    private static final byte[] EMPTY = new byte[0];

    private byte @Nullable [] first;
    private @Nullable List<byte[]> more;
    private int size;

    void add(byte[] piece) {
        if (piece.length == 0) {
            return;
        }
        size = Math.addExact(size, piece.length);
        if (first == null) {
            first = piece;
            return;
        }
        if (more == null) {
            more = new ArrayList<>();
        }
        more.add(piece);
    }

    boolean isEmpty() {
        return first == null;
    }

    /** All of it as one array; afterwards this is empty. */
    byte[] take() {
        var all = whole();
        clear();
        return all;
    }

    /** All of it as one array, which stays here. */
    byte[] whole() {
        if (first == null) {
            return EMPTY;
        }
        if (more == null) {
            return first;
        }
        var all = new byte[size];
        System.arraycopy(first, 0, all, 0, first.length);
        int at = first.length;
        for (var piece : more) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        first = all;
        more = null;
        return all;
    }

    void clear() {
        first = null;
        more = null;
        size = 0;
    }
}
