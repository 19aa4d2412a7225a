package whirlwind.http.codec;

/** What goes out over a connection, in order. */
sealed interface Output permits ResponseHead, ClientHead, Output.Bytes, SharedFrame {
    /** About how many bytes wait with it. */
    int size();

    /** Bytes as they are. */
    record Bytes(byte[] bytes) implements Output {
        @Override
        public int size() {
            return bytes.length;
        }
    }
}
