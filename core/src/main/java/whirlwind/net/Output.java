package whirlwind.net;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** What is written to a stream. */
sealed interface Output {
    /** How many bytes that is, or is left of it. */
    long size();

    /** For messages: "writing ...". */
    @Override
    String toString();

    /** Bytes in memory; the buffer's position moves as they are taken. */
    record Bytes(ByteBuffer bytes) implements Output {
        @Override
        public long size() {
            return bytes.remaining();
        }

        @Override
        public String toString() {
            return bytes.remaining() + " bytes";
        }
    }

    /** A part of a file, which stays open until it is written. */
    record FileRange(FileChannel file, long offset, long count) implements Output {
        @Override
        public long size() {
            return count;
        }

        /** What is left after the first bytes. */
        FileRange after(long bytes) {
            return new FileRange(file, offset + bytes, count - bytes);
        }

        @Override
        public String toString() {
            return count + " bytes of a file";
        }
    }
}
