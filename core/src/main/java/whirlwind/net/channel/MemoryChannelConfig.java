package whirlwind.net.channel;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/** Has the one option of sockets that handlers rely on. */
final class MemoryChannelConfig extends DefaultChannelConfig {
    private boolean halfClosure;

    MemoryChannelConfig(MemoryChannel channel) {
        super(channel);
    }

    boolean allowsHalfClosure() {
        return halfClosure;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            halfClosure = (Boolean) value;
            return true;
        }
        return super.setOption(option, value);
    }
}
