package whirlwind.net.channel;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.net.dns.Resolver;

/** Addresses and networks whose word is taken for where a connection comes from. */
public final class TrustedProxies {
    /** Stands for whoever connects over a Unix-domain socket. */
    private static final String UNIX = "unix";

    private final List<IpSubnetFilterRule> networks;
    private final boolean unix;

    private TrustedProxies(List<IpSubnetFilterRule> networks, boolean unix) {
        this.networks = networks;
        this.unix = unix;
    }

    /**
     * From addresses, networks in CIDR notation, and {@code unix} for Unix-domain sockets.
     *
     * @throws IllegalArgumentException if one is none of these
     */
    public static TrustedProxies of(List<String> texts) {
        var networks = new ArrayList<IpSubnetFilterRule>();
        for (var text : texts) {
            if (text.equals(UNIX)) {
                continue;
            }
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
        return new TrustedProxies(networks, texts.contains(UNIX));
    }

    private static IllegalArgumentException notOne(
            String text, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "trusted proxy: '" + text + "' (an address, or a network such as 10.0.0.0/8)",
                cause);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return networks.isEmpty() && !unix;
    }

    /** Whether the address is among them. */
    public boolean contains(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? contains(inet)
                : unix && address instanceof UnixDomainSocketAddress;
    }

    private boolean contains(InetSocketAddress address) {
        for (var network : networks) {
            if (network.matches(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the address is among them, which is a valid one of IPv4 or IPv6; 0.0.0.0 is what a
     * client over a Unix-domain socket has.
     */
    public boolean contains(String ip) {
        return ip.equals("0.0.0.0")
                ? unix
                : contains(new InetSocketAddress(InetAddress.ofLiteral(ip), 0));
    }
}
