package whirlwind.http.client;

/**
 * What every client does, whatever its transport: the interfaces that extend this have the tests,
 * and a class that implements them runs them on a transport. Where a transport can't do something,
 * its class overrides the test, and says why.
 */
public interface ClientContract {
    /** The world of the test that runs. */
    ClientWorld world();

    default void run(ClientWorld.Body body) {
        world().run(body);
    }

    /** The same for what goes wrong: no descriptor is left of it. */
    default void runWithoutLeaks(ClientWorld.Body body) {
        world().runWithoutLeaks(body);
    }
}
