package whirlwind.curl;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shared library, where the system's loader finds it. */
final class LibcurlFile {
    private static final List<String> NAMES = List.of("libcurl.so.4", "libcurl.4.dylib");

    private static @Nullable SymbolLookup loaded;

    private LibcurlFile() {}

    /**
     * The library's functions.
     *
     * @throws IllegalStateException if the library isn't there; says what to install
     */
    static synchronized SymbolLookup load() {
        if (loaded == null) {
            loaded = find(NAMES);
        }
        return loaded;
    }

    @SuppressWarnings("restricted") // what this class is for
    static SymbolLookup find(List<String> names) {
        for (var name : names) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException notThisOne) {
                continue;
            }
        }
        throw new IllegalStateException(
                "libcurl was not found (as %s): install it (on Debian and Ubuntu the package libcurl4,"
                                .formatted(String.join(" or ", names))
                        + " elsewhere libcurl), or use the built-in transport");
    }
}
