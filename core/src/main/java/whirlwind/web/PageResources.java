package whirlwind.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a module needs in the page that it is in. */
record PageResources(
        List<String> cssFiles,
        String embeddedCss,
        String htmlHead,
        List<String> javascriptFiles,
        String embeddedJavascript,
        String htmlBody) {

    /** As a template says it: {@code set_resources(css_files="a.css", embedded_css="...")}. */
    static PageResources named(Map<String, @Nullable Object> resources) {
        for (var name : resources.keySet()) {
            switch (name) {
                case "css_files",
                        "embedded_css",
                        "html_head",
                        "javascript_files",
                        "embedded_javascript",
                        "html_body" -> {}
                default -> throw new IllegalArgumentException("no resource of a page: " + name);
            }
        }
        return new PageResources(
                files(resources.get("css_files")),
                text(resources.get("embedded_css")),
                text(resources.get("html_head")),
                files(resources.get("javascript_files")),
                text(resources.get("embedded_javascript")),
                text(resources.get("html_body")));
    }

    private static List<String> files(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case Iterable<?> several -> {
                var all = new ArrayList<String>();
                several.forEach(file -> all.add(String.valueOf(file)));
                yield List.copyOf(all);
            }
            case Object one -> List.of(one.toString());
        };
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
