package whirlwind.http.codec.exchange;

import whirlwind.http.codec.Members;

/** A connection of a server, to those who go through all of them; on the loop's own thread. */
public interface ServerConnection extends Members.Member {
    /** Looks whether a time is up, at each tick of the {@link Sweep}. */
    void tick(int now);

    /** Lets what runs end, and then the connection. */
    void drain();

    /** Closes at once. */
    void drop();
}
