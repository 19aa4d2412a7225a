package whirlwind.net;

import whirlwind.loop.LoopOptions;

/** TCP over the transport nio. */
class NioStreamTest implements StreamContract {
    @Override
    public LoopOptions loopOptions() {
        return LoopOptions.DEFAULTS.withTransport("nio");
    }

    @Override
    public Pair open(StreamOptions options) {
        return TcpStreamTest.connect(options);
    }
}
