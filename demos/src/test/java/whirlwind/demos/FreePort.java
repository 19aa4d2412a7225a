package whirlwind.demos;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a program that wants to be told one. It lies below those that the kernel gives to
 * whoever connects or listens without a choice, so nobody else has it when the program gets there.
 */
public final class FreePort {
    private static final int LOWEST = 15_000;
    private static final int BEYOND = 32_000;

    private FreePort() {}

    public static int choose() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // another one, then
            }
        }
    }
}
