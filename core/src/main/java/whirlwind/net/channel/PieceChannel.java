package whirlwind.net.channel;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Takes what is written to it until it is full. */
record PieceChannel(ByteBuf piece, int capacity) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
        int size = Math.min(bytes.remaining(), capacity - piece.readableBytes());
        piece.writeBytes(bytes.slice(bytes.position(), size));
        bytes.position(bytes.position() + size);
        return size;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // the buffer is the owner's
    }
}
