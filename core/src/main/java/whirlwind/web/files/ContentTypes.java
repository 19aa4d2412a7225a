package whirlwind.web.files;

import java.net.FileNameMap;
import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;

/** Media types by file name: the JDK's table, and what it lacks of today's web. */
final class ContentTypes {
    private static final FileNameMap JDK = URLConnection.getFileNameMap();
    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> MISSING_THERE =
            Map.ofEntries(
                    Map.entry("mjs", "text/javascript"),
                    Map.entry("avif", "image/avif"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("woff", "font/woff"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("webmanifest", "application/manifest+json"),
                    Map.entry("map", "application/json"),
                    // What is packed is its packing: nobody unpacks it on the way.
                    Map.entry("gz", "application/gzip"),
                    Map.entry("tgz", "application/gzip"),
                    Map.entry("bz2", UNKNOWN),
                    Map.entry("br", UNKNOWN),
                    Map.entry("xz", UNKNOWN));

    private ContentTypes() {}

    /** The type of a file of that name; text is taken to be UTF-8. */
    static String of(String fileName) {
        var name = fileName.toLowerCase(Locale.ROOT);
        var type = MISSING_THERE.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            type = JDK.getContentTypeFor(name);
        }
        if (type == null) {
            return UNKNOWN;
        }
        return type.startsWith("text/") ? type + "; charset=UTF-8" : type;
    }
}
