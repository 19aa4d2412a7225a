package whirlwind.loop;

/** A program that opens and closes loops of one transport, as many as its second argument says. */
final class ShortLoops {
    private ShortLoops() {}

    public static void main(String[] args) {
        int count = Integer.parseInt(args[1]);
        var options = LoopOptions.DEFAULTS.withTransport(args[0]);
        for (int i = 0; i < count; i++) {
            try (var loop = new IOLoop(options)) {
                loop.runSync(() -> {
                    for (int k = 0; k < 3; k++) {
                        Async.await(Async.offload(() -> "woken"));
                    }
                    return 0;
                });
            }
        }
        System.out.println("closed " + count);
    }
}
