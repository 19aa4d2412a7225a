package whirlwind.http.codec.websocket;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * What a client masks its frames with: unpredictable for whoever chose what is sent, RFC 6455
 * section 10.3. The generator is asked for many at a time. Confined to the loop.
 */
final class Masks {
    private static final int AT_A_TIME = 256;

    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer some = ByteBuffer.allocate(AT_A_TIME * Integer.BYTES);

    Masks() {
        some.limit(0);
    }

    int next() {
        if (!some.hasRemaining()) {
            random.nextBytes(some.array());
            some.clear();
        }
        return some.getInt();
    }
}
