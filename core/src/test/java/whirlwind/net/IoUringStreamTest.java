package whirlwind.net;

import org.junit.jupiter.api.condition.EnabledIf;
import whirlwind.loop.LoopOptions;
import whirlwind.transport.Transport;

/** TCP over the transport io_uring, where the kernel lets us. */
@EnabledIf("available")
class IoUringStreamTest implements StreamContract {
    static boolean available() {
        return Transport.IO_URING.isAvailable();
    }

    @Override
    public LoopOptions loopOptions() {
        return LoopOptions.DEFAULTS.withTransport("io_uring");
    }

    @Override
    public Pair open(StreamOptions options) {
        return TcpStreamTest.connect(options);
    }
}
