package whirlwind.net.channel;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.net.dns.Resolver;

/** Addresses and networks whose word is taken for where a connection comes from. */
public final class TrustedProxies {
    private final List<IpSubnetFilterRule> networks;

    private TrustedProxies(List<IpSubnetFilterRule> networks) {
        this.networks = networks;
    }

    /**
     * From addresses and networks in CIDR notation.
     *
     * @throws IllegalArgumentException if one is neither
     */
    public static TrustedProxies of(List<String> texts) {
        var networks = new ArrayList<IpSubnetFilterRule>();
        for (var text : texts) {
            int slash = text.indexOf('/');
            var address = slash < 0 ? text : text.substring(0, slash);
            if (!Resolver.isValidIp(address)) {
                throw notOne(text, null);
            }
            try {
                int most = InetAddress.ofLiteral(address).getAddress().length * 8;
                int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
                networks.add(new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT));
            } catch (IllegalArgumentException e) {
                throw notOne(text, e);
            }
        }
        return new TrustedProxies(networks);
    }

    private static IllegalArgumentException notOne(
            String text, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "trusted proxy: '" + text + "' (an address, or a network such as 10.0.0.0/8)",
                cause);
    }

    /** Whether the address is among them. */
    public boolean contains(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return false;
        }
        for (var network : networks) {
            if (network.matches(inet)) {
                return true;
            }
        }
        return false;
    }
}
