package whirlwind.http.client;

/**
 * Takes a response's body piece by piece. Runs in a coroutine, one call after the other: while it
 * waits, no more is read from the server than fits a small buffer. What it throws fails the fetch.
 */
@FunctionalInterface
public interface StreamingCallback {
    /** A piece of the body, never empty, which is the callback's own. */
    void onChunk(byte[] chunk) throws Exception;
}
