package whirlwind.net.channel;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A part of a file that is sent by the kernel and not closed afterwards: it is the caller's. */
public final class OpenFileRegion extends DefaultFileRegion {
    /** The bytes from {@code offset} on. */
    public OpenFileRegion(FileChannel file, long offset, long count) {
        super(file, offset, count);
    }

    @Override
    protected void deallocate() {
        // it is the caller's to close
    }
}
