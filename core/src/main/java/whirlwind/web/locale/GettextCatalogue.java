package whirlwind.web.locale;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is in a {@code .mo} file (GNU gettext manual, section "The Format of GNU MO Files"): two
 * tables of lengths and offsets, of messages and of their translations. The empty message is the
 * header.
 */
final class GettextCatalogue implements Catalogue {
    private static final int MAGIC = 0x950412de;
    private static final String CONTEXT_END = "\u0004";
    private static final Pattern CHARSET = Pattern.compile("charset=([^\\s;]+)");

    private final Map<String, List<String>> forms;
    private final PluralRule rule;

    private GettextCatalogue(Map<String, List<String>> forms, PluralRule rule) {
        this.forms = forms;
        this.rule = rule;
    }

    static GettextCatalogue parse(byte[] mo) {
        var file = ByteBuffer.wrap(mo);
        if (mo.length < 20) {
            throw new IllegalArgumentException("no .mo file: %d bytes".formatted(mo.length));
        }
        if (file.getInt(0) != MAGIC) {
            file.order(ByteOrder.LITTLE_ENDIAN);
        }
        if (file.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("no .mo file: it starts with another number");
        }
        if (file.getInt(4) >>> 16 > 1) {
            throw new IllegalArgumentException(
                    ".mo file of revision %d (at most 1)".formatted(file.getInt(4) >>> 16));
        }
        try {
            return read(file);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the .mo file is cut off or damaged", e);
        }
    }

    private static GettextCatalogue read(ByteBuffer file) {
        int count = file.getInt(8);
        int messages = file.getInt(12);
        int translations = file.getInt(16);
        if (count < 0 || count > file.capacity() / 16) {
            throw new IllegalArgumentException("the .mo file names %d messages".formatted(count));
        }
        var header = header(file, count, messages, translations);
        var charset = charset(header);
        var forms = HashMap.<String, List<String>>newHashMap(count);
        for (int i = 0; i < count; i++) {
            var message = text(file, messages + 8 * i, charset);
            var translation = text(file, translations + 8 * i, charset);
            if (!message.isEmpty()) {
                int end = message.indexOf('\0'); // what follows is the message for several
                var key = end < 0 ? message : message.substring(0, end);
                forms.put(key, List.of(translation.split("\0", -1)));
            }
        }
        return new GettextCatalogue(forms, rule(header));
    }

    private static String header(ByteBuffer file, int count, int messages, int translations) {
        for (int i = 0; i < count; i++) {
            if (file.getInt(messages + 8 * i) == 0) {
                return text(file, translations + 8 * i, StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static Charset charset(String header) {
        var named = CHARSET.matcher(header);
        return named.find() && !named.group(1).equals("CHARSET") // what xgettext leaves to fill in
                ? Charset.forName(named.group(1))
                : StandardCharsets.UTF_8;
    }

    private static PluralRule rule(String header) {
        return header.lines()
                .filter(line -> line.regionMatches(true, 0, "Plural-Forms:", 0, 13))
                .findFirst()
                .map(line -> PluralRule.parse(line.substring(13)))
                .orElse(PluralRule.GERMANIC);
    }

    private static String text(ByteBuffer file, int entry, Charset charset) {
        int length = file.getInt(entry);
        int offset = file.getInt(entry + 4);
        if (length < 0 || offset < 0) {
            throw new IndexOutOfBoundsException(entry);
        }
        var bytes = new byte[checkedLength(file, offset, length)];
        file.get(offset, bytes);
        return new String(bytes, charset);
    }

    private static int checkedLength(ByteBuffer file, int offset, int length) {
        if (length > file.capacity() - offset) {
            throw new IndexOutOfBoundsException(offset);
        }
        return length;
    }

    @Override
    public @Nullable String find(@Nullable String context, String message) {
        return form(context, message, 0);
    }

    @Override
    public @Nullable String find(
            @Nullable String context, String message, String plural, long count) {
        return form(context, message, rule.form(count));
    }

    private @Nullable String form(@Nullable String context, String message, int index) {
        var key = context == null ? message : context + CONTEXT_END + message;
        var found = forms.get(key);
        if (found == null && context != null) {
            found = forms.get(message);
        }
        if (found == null || index >= found.size() || found.get(index).isEmpty()) {
            return null;
        }
        return found.get(index);
    }
}
