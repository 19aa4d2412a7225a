package whirlwind.net.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which kind of addresses is wanted. Tornado: {@code socket.AF_UNSPEC} and its kin. */
public enum Family {
    /** Either. */
    ANY,
    /** IPv4 only. */
    IPV4,
    /** IPv6 only. */
    IPV6;

    /** Whether an address is of this kind. */
    public boolean includes(InetAddress address) {
        return switch (this) {
            case ANY -> true;
            case IPV4 -> address instanceof Inet4Address;
            case IPV6 -> address instanceof Inet6Address;
        };
    }

    /** The kind that an address is of: {@link #IPV4} or {@link #IPV6}. */
    public static Family of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    /** For example {@code IPv4}. */
    @Override
    public String toString() {
        return switch (this) {
            case ANY -> "any";
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }
}
