package whirlwind.realtime.engine;

/**
 * Told by an engine of what happens in the topics and patterns that were subscribed to. Called on
 * any thread, perhaps while the engine holds a lock: it must return at once, and not call the
 * engine. Calls about one topic come one after the other, in the order of its offsets.
 */
public interface EngineListener {
    /**
     * Something was published in a topic that is subscribed to, by itself or by a pattern: one call
     * for each publication, however many subscriptions it matches. One may get lost on its way: the
     * next one's offset shows it.
     */
    void published(Publication publication);

    /** The first connection of a user joined a topic that is subscribed to by itself. */
    void joined(String topic, Member member);

    /** The last connection of a user left a topic that is subscribed to by itself. */
    void left(String topic, Member member);

    /** The engine is out of reach: nothing will be told until {@link #restored}. */
    void lost();

    /**
     * The engine is there again, with all subscriptions; what was published meanwhile is not told,
     * and has to be asked for by position.
     */
    void restored();
}
