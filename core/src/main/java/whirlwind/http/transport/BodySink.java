package whirlwind.http.transport;

/** Where the body of a streamed request goes. */
public interface BodySink extends PieceSink {
    /** That was all. */
    void end();
}
