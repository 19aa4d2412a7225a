package whirlwind.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a client is where it says it is before anything is kept for it or much is sent to it,
 * RFC 9000 section 8.1.2: it has to come again with a token that was sent to its address. A token
 * is a signature of the address, the time and the connection's first id, then the last two of them.
 */
final class RetryTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;
    private static final int HEAD_BYTES = SIGNATURE_BYTES + Long.BYTES;

    /** A client comes again at once. */
    private static final int VALID_SECONDS = 15;

    private final Supplier<Instant> clock;
    private final Mac mac;

    RetryTokens(Supplier<Instant> clock) {
        this.clock = clock;
        var secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf id, InetSocketAddress address) {
        long now = clock.get().getEpochSecond();
        var bytes = bytes(id);
        out.writeBytes(signature(address, now, bytes)).writeLong(now).writeBytes(bytes);
        return true;
    }

    /** Where in the token the connection's id begins; -1 if it isn't one of ours, or too old. */
    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        if (token.readableBytes() <= HEAD_BYTES) {
            return -1;
        }
        var shown = new byte[SIGNATURE_BYTES];
        token.readBytes(shown);
        long then = token.readLong();
        var signature = signature(address, then, bytes(token));
        long age = clock.get().getEpochSecond() - then;
        boolean valid = MessageDigest.isEqual(shown, signature) && age >= 0 && age <= VALID_SECONDS;
        return valid ? HEAD_BYTES : -1;
    }

    @Override
    public int maxTokenLength() {
        return HEAD_BYTES + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] signature(InetSocketAddress address, long time, byte[] id) {
        mac.update(address.getAddress().getAddress());
        mac.update(
                ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                        .putInt(address.getPort())
                        .putLong(time)
                        .array());
        return Arrays.copyOf(mac.doFinal(id), SIGNATURE_BYTES);
    }

    private static byte[] bytes(ByteBuf buffer) {
        var bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }
}
