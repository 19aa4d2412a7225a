package whirlwind.http.codec.client;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/**
 * Our header fields in the shape in which Netty's decoder fills in a response's: it adds to them,
 * and looks at what decides how long the body is. Nothing is kept twice, and nothing is copied
 * later. What the decoder doesn't call isn't there.
 */
final class ResponseFields extends HttpHeaders {
    private final Headers fields = new Headers();

    Headers fields() {
        return fields;
    }

    /** Names and values are checked here, for the decoder leaves that to the headers. */
    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        fields.add(name.toString(), value.toString());
        return this;
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        fields.add(name, value.toString());
        return this;
    }

    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        fields.set(name.toString(), value.toString());
        return this;
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        fields.set(name, value.toString());
        return this;
    }

    @Override
    public @Nullable String get(String name) {
        return fields.get(name);
    }

    /**
     * The decoder asks for Content-Length and Transfer-Encoding, and in HTTP/1.0 it takes the first
     * of several lengths. We don't: readings that differ are how responses are smuggled.
     */
    @Override
    public List<String> getAll(String name) {
        if (!fields.contains(name)) {
            return List.of();
        }
        var values = fields.getList(name);
        if (values.size() > 1 && values.stream().distinct().count() > 1) {
            throw new IllegalArgumentException("several values of " + name + " that differ");
        }
        return values;
    }

    @Override
    public boolean contains(String name) {
        return fields.contains(name);
    }

    @Override
    public boolean contains(CharSequence name) {
        return fields.contains(name.toString());
    }

    @Override
    public boolean containsValue(CharSequence name, CharSequence value, boolean ignoreCase) {
        return fields.containsToken(name.toString(), value.toString());
    }

    @Override
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    @Override
    public int size() {
        return fields.size();
    }

    @Override
    public HttpHeaders remove(String name) {
        fields.remove(name);
        return this;
    }

    // ---- what the decoder doesn't call ----

    private static UnsupportedOperationException notCalled() {
        return new UnsupportedOperationException("not called by the response decoder");
    }

    @Override
    public @Nullable Integer getInt(CharSequence name) {
        throw notCalled();
    }

    @Override
    public int getInt(CharSequence name, int defaultValue) {
        throw notCalled();
    }

    @Override
    public @Nullable Short getShort(CharSequence name) {
        throw notCalled();
    }

    @Override
    public short getShort(CharSequence name, short defaultValue) {
        throw notCalled();
    }

    @Override
    public @Nullable Long getTimeMillis(CharSequence name) {
        throw notCalled();
    }

    @Override
    public long getTimeMillis(CharSequence name, long defaultValue) {
        throw notCalled();
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        throw notCalled();
    }

    @Override
    @Deprecated // by Netty
    public Iterator<Map.Entry<String, String>> iterator() {
        throw notCalled();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        throw notCalled();
    }

    @Override
    public Set<String> names() {
        throw notCalled();
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> values) {
        throw notCalled();
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        throw notCalled();
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        throw notCalled();
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> values) {
        throw notCalled();
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        throw notCalled();
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        throw notCalled();
    }

    @Override
    public HttpHeaders clear() {
        throw notCalled();
    }
}
