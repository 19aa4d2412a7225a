package whirlwind.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Utf8;

/** Gathers the parts of a multipart body that is in memory as a whole. */
final class Multipart implements MultipartParser.Parts {
    private static final byte[] NOTHING = {};

    private final Charset charset;
    private final Map<String, List<String>> arguments = new LinkedHashMap<>();
    private final Map<String, List<HttpFile>> files = new LinkedHashMap<>();
    private String name = "";
    private @Nullable String filename;
    private String contentType = "";
    private byte[] content = NOTHING;

    private Multipart(Charset charset) {
        this.charset = charset;
    }

    static FormData read(String boundary, byte[] body, Charset charset, FormLimits limits) {
        var parts = new Multipart(charset);
        var parser = new MultipartParser(boundary, limits, parts);
        parser.add(body);
        parser.end();
        return new FormData(Forms.frozen(parts.arguments), Forms.frozen(parts.files));
    }

    @Override
    public void begin(String name, @Nullable String filename, String contentType) {
        this.name = name;
        this.filename = filename;
        this.contentType = contentType;
        content = NOTHING;
    }

    /** Called once for a part, as the whole body is there. */
    @Override
    public void content(byte[] bytes, int start, int end) {
        content = Arrays.copyOfRange(bytes, start, end);
    }

    @Override
    public void end() {
        if (filename == null) {
            Forms.gather(arguments, name, text(content, charset));
        } else {
            Forms.gather(files, name, new HttpFile(filename, contentType, content));
        }
    }

    /** A text's bytes as text; UTF-8 is checked, in others what doesn't fit becomes U+FFFD. */
    static String text(byte[] bytes, Charset charset) {
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return new String(bytes, charset);
        }
        try {
            return Utf8.decode(bytes);
        } catch (MalformedTextException notText) {
            throw new HttpInputException(
                    400, "multipart/form-data: part has " + notText.getMessage(), notText);
        }
    }
}
