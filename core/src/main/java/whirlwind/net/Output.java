package whirlwind.net;

import java.io.EOFException;
import java.io.IOException;
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
        /** What is read at once where it has to be. */
        private static final int PIECE = 256 << 10;

        @Override
        public long size() {
            return count;
        }

        /** The first piece; holds the calling thread. */
        ByteBuffer read() throws IOException {
            var bytes = ByteBuffer.allocate((int) Math.min(count, PIECE));
            while (bytes.hasRemaining()) {
                if (file.read(bytes, offset + bytes.position()) < 0) {
                    throw new EOFException(
                            "the file ends at %d, before %d bytes from %d on"
                                    .formatted(offset + bytes.position(), count, offset));
                }
            }
            return bytes.flip();
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
