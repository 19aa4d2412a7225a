package whirlwind.http.codec.exchange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import whirlwind.http.FormLimits;
import whirlwind.net.channel.TrustedProxies;

/** What a server's connections put up with; the server's options say what each means. */
public record ConnectionLimits(
        int maxHeaderSize,
        int maxStartLine,
        int maxBodySize,
        Duration headerTimeout,
        @Nullable Duration bodyTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxConcurrentStreams,
        int writeHighWater,
        int maxWriteBuffer,
        long memoryQuota,
        boolean keepAlive,
        @Nullable String protocol,
        FormLimits formLimits,
        TrustedProxies proxies,
        boolean proxyProtocol,
        boolean decompress,
        @Nullable String serverHeader,
        boolean http3) {}
