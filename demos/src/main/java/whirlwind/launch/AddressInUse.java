package whirlwind.launch;

import java.net.BindException;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Ends a program whose address is taken with one sentence and status 1. A stack trace would tell
 * its user nothing more; every other failure is printed as the JVM prints it.
 */
public final class AddressInUse {

    private AddressInUse() {}

    /** Runs before the program's own main method, as an agent. */
    public static void premain(String arguments) {
        Thread.setDefaultUncaughtExceptionHandler(AddressInUse::uncaught);
    }

    private static void uncaught(Thread thread, Throwable failure) {
        if (isAddressInUse(failure)) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        failure.printStackTrace();
    }

    private static boolean isAddressInUse(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(BindException.class::isInstance);
    }
}
