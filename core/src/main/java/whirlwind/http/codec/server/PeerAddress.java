package whirlwind.http.codec.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a connection comes from. */
final class PeerAddress {
    private PeerAddress() {}

    /** The address as text, without an IPv6 zone; 0.0.0.0 where there is none. */
    static String textOf(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return "0.0.0.0";
        }
        var text = inet.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
