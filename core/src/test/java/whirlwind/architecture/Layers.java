package whirlwind.architecture;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The order of the library's packages: what stands on a line may use the lines above it, and
 * nothing beside it or below. A package holds its subpackages, unless these have lines of their
 * own.
 */
final class Layers {

    private static final List<List<String>> RANKS =
            List.of(
                    List.of("check", "escape"),
                    List.of("transport"),
                    List.of("loop"),
                    List.of("sync"),
                    List.of("net.dns", "net.tls"),
                    List.of("net.connect"),
                    List.of("net.channel"),
                    List.of("net"),
                    List.of("process", "http"),
                    // An application starts it, as Tornado's does.
                    List.of("tools.autoreload"),
                    List.of("http.transport"),
                    List.of("http.codec"),
                    List.of("http.codec.websocket", "http.codec.request"),
                    List.of("http.codec.exchange"),
                    List.of("http.codec.stream"),
                    List.of("http.codec.server", "http.codec.client"),
                    List.of("http.server", "http.client"),
                    List.of("http.jdk", "web.routing", "web.template", "web.locale"),
                    List.of("web"),
                    List.of(
                            "web.files",
                            "web.auth",
                            "realtime.websocket",
                            "realtime.sse",
                            "realtime.longpoll"),
                    List.of("realtime.engine"),
                    List.of("realtime.protocol"),
                    List.of("realtime.feed", "realtime.session"),
                    List.of("realtime"),
                    List.of("tools.options", "tools.log", "tools.inspector"),
                    List.of("tools"),
                    List.of("testing"));

    private static final Map<String, Integer> RANK_OF =
            IntStream.range(0, RANKS.size())
                    .boxed()
                    .flatMap(rank -> RANKS.get(rank).stream().map(name -> Map.entry(name, rank)))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private Layers() {}

    /** The layer of a package or class named in full, such as {@code web} for whirlwind.web.ui. */
    static String layerOf(String name) {
        for (var rest = name; rest.startsWith("whirlwind."); rest = withoutLastPart(rest)) {
            var layer = rest.substring("whirlwind.".length());
            if (RANK_OF.containsKey(layer)) {
                return layer;
            }
        }
        throw new IllegalArgumentException(name + " belongs to no layer: give it a rank");
    }

    static boolean mayUse(String user, String used) {
        return user.equals(used) || RANK_OF.get(used) < RANK_OF.get(user);
    }

    private static String withoutLastPart(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
