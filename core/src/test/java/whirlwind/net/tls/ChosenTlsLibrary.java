package whirlwind.net.tls;

/** Who speaks TLS in a test: {@code jdk} or {@code openssl}, which is BoringSSL here. */
public final class ChosenTlsLibrary {
    private static final String PROPERTY = "whirlwind.tls";
    private static final String AS_STARTED = System.getProperty(PROPERTY, "auto");

    private ChosenTlsLibrary() {}

    /** Chooses one for all that is made until {@link #reset}. */
    public static void use(String name) {
        System.setProperty(PROPERTY, name);
    }

    /** Leaves the choice to how the tests were started. */
    public static void reset() {
        System.setProperty(PROPERTY, AS_STARTED);
    }
}
