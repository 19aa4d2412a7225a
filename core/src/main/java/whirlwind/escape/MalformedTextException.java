package whirlwind.escape;

/** Bytes that are not text in the encoding they were said to be in. */
public final class MalformedTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int offset;

    /**
     * @param encoding what the bytes were read as, such as {@code UTF-8}
     * @param offset index of the first byte that does not fit, from the start of the decoded range
     * @param found that byte
     */
    public MalformedTextException(String encoding, int offset, byte found) {
        super("malformed %s: 0x%02X at byte %d".formatted(encoding, found, offset));
        this.offset = offset;
    }

    /** Index of the first byte that does not fit, from the start of the decoded range. */
    public int offset() {
        return offset;
    }
}
