package whirlwind.net;

import whirlwind.loop.LoopOptions;

/** TCP over the transport nio. */
class NioStreamTest extends StreamContract {
    @Override
    LoopOptions loopOptions() {
        return LoopOptions.DEFAULTS.withTransport("nio");
    }

    @Override
    Pair open(StreamOptions options) {
        return TcpStreamTest.connect(options);
    }
}
