package whirlwind.net.channel;

import io.netty.buffer.ByteBuf;

/**
 * One end of a connection in memory, as the other end sees it. Any thread may call; calls of one
 * thread arrive in their order.
 */
public interface MemoryEnd {
    /** Something has come. The bytes are the caller's: copy what is to be kept. */
    void receive(ByteBuf bytes);

    /** Nothing more will come. */
    void end();

    /** What made {@link #isFull} true of the other end has been taken. */
    default void room() {}

    /** Whether so much waits to be read that whoever writes has to wait for {@link #room}. */
    default boolean isFull() {
        return false;
    }

    /** Whether anything will be read. */
    default boolean isOpen() {
        return true;
    }
}
