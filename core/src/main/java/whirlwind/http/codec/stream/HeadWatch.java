package whirlwind.http.codec.stream;

import io.netty.buffer.ByteBuf;

/**
 * Knows whether a client of HTTP/2 is in the middle of a head, which Netty's reader tells nobody:
 * nothing else may come before its end, and so it must not take long. Walks from frame to frame.
 */
final class HeadWatch {
    private static final int PREFACE_BYTES = 24;
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int TYPE_OFFSET = 3;
    private static final int FLAGS_OFFSET = 4;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    /** What is still to come of a frame's payload, or of what comes before the first frame. */
    private int left = PREFACE_BYTES;

    /** What has come of a frame's head. */
    private int seen;

    private int length;
    private int type;
    private int flags;
    private boolean open;

    /** Looks at what has come, and reads nothing. */
    void look(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (left > 0) {
                int skipped = Math.min(left, end - at);
                left -= skipped;
                at += skipped;
            } else {
                byteOfHead(in.getUnsignedByte(at));
                at++;
            }
        }
    }

    private void byteOfHead(int value) {
        if (seen < TYPE_OFFSET) {
            length = length << 8 | value;
        } else if (seen == TYPE_OFFSET) {
            type = value;
        } else if (seen == FLAGS_OFFSET) {
            flags = value;
        }
        seen++;
        if (seen == FRAME_HEAD_BYTES) {
            if (type == HEADERS || type == CONTINUATION) {
                open = (flags & END_HEADERS) == 0;
            }
            left = length;
            seen = 0;
            length = 0;
        }
    }

    /** Whether a head, or the one frame that is all of it, has begun and not ended. */
    boolean isInHead() {
        return open || (left > 0 && (type == HEADERS || type == CONTINUATION));
    }
}
