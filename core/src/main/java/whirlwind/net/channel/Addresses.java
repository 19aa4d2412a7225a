package whirlwind.net.channel;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses of sockets as the JDK has them, and as people read them. */
public final class Addresses {
    private Addresses() {}

    /** Netty's own type for Unix-domain sockets turned into the JDK's; others as they are. */
    public static @Nullable SocketAddress ofJdk(@Nullable SocketAddress address) {
        if (!(address instanceof DomainSocketAddress unix)) {
            return address;
        }
        var path = unix.path();
        return UnixDomainSocketAddress.of(path.startsWith("\0") ? "" : path);
    }

    /** {@code 127.0.0.1:80}, {@code [::1]:80}, a path, or what else there is. */
    public static String textOf(@Nullable SocketAddress address) {
        return switch (address) {
            case null -> "an unnamed peer";
            case InetSocketAddress inet when inet.isUnresolved() ->
                    inet.getHostString() + ":" + inet.getPort();
            case InetSocketAddress inet -> {
                var host = inet.getAddress().getHostAddress();
                yield (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
            }
            case UnixDomainSocketAddress unix ->
                    unix.getPath().toString().isEmpty()
                            ? "an unnamed Unix socket"
                            : unix.getPath().toString();
            default -> address.toString();
        };
    }
}
