package whirlwind.web;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.web.template.TemplateArguments;
import whirlwind.web.template.TemplateFunction;

/**
 * A template as a module: {@code {% module Template("entry.html", entry=entry) %}}. It sees what is
 * handed to it and not what the page sees, and says what it needs by {@code {{
 * set_resources(css_files="entry.css") }}}, every time the same.
 */
final class TemplateModule extends UIModule {
    private final Map<String, PageResources> byTemplate = new LinkedHashMap<>();

    @Override
    protected String render(TemplateArguments arguments) {
        var template = arguments.text(0);
        TemplateFunction setResources =
                resources -> {
                    set(template, PageResources.named(resources.named()));
                    return "";
                };
        var values = new HashMap<String, @Nullable Object>(arguments.named());
        values.put("set_resources", setResources);
        return renderString(template, values);
    }

    private void set(String template, PageResources resources) {
        var known = byTemplate.putIfAbsent(template, resources);
        if (known != null && !known.equals(resources)) {
            throw new IllegalArgumentException(
                    template + " asks for other resources than when it was used before");
        }
    }

    @Override
    List<PageResources> resources() {
        return List.copyOf(byTemplate.values());
    }
}
