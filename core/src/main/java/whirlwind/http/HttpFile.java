package whirlwind.http;

/**
 * A file that came in a form. Tornado's {@code HTTPFile}.
 *
 * @param filename what the client says it is called; never a path to write to
 * @param contentType what the client says it is, {@code application/unknown} if it says nothing
 * @param body its bytes; not copied, so leave them as they are
 */
@SuppressWarnings(
        "ArrayRecordComponent") // a copy of an upload for the sake of equals would be the larger
// evil
public record HttpFile(String filename, String contentType, byte[] body) {
    /** Without the bytes. */
    @Override
    public String toString() {
        return "HttpFile[filename="
                + filename
                + ", contentType="
                + contentType
                + ", body="
                + body.length
                + " bytes]";
    }
}
