package whirlwind.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import whirlwind.escape.Linkify;
import whirlwind.web.template.TemplateArguments;
import whirlwind.web.template.TemplateFunction;

/** The modules of one page: made when first used, asked at the end for what the page needs. */
final class UIModules implements TemplateFunction.Group {
    private static final Map<String, Supplier<? extends UIModule>> BUILT_IN =
            Map.of(
                    "Template", TemplateModule::new,
                    "linkify", () -> simple(UIModules::linkify),
                    "xsrf_form_html", () -> simple((handler, none) -> handler.xsrfFormHtml()));

    private final RequestHandler handler;
    private final Map<String, UIModule> used = new LinkedHashMap<>();

    UIModules(RequestHandler handler) {
        this.handler = handler;
    }

    private static String linkify(RequestHandler handler, TemplateArguments arguments) {
        return Linkify.DEFAULT.apply(arguments.text(0));
    }

    private static UIModule simple(UIMethod method) {
        return new UIModule() {
            @Override
            protected String render(TemplateArguments arguments) throws Exception {
                return String.valueOf(method.call(handler(), arguments));
            }
        };
    }

    @Override
    public Optional<TemplateFunction> find(String name) {
        var module = used.get(name);
        if (module == null) {
            var maker = handler.settings().uiModules().getOrDefault(name, BUILT_IN.get(name));
            if (maker == null) {
                return Optional.empty();
            }
            module = maker.get().attach(handler);
            used.put(name, module);
        }
        var found = module;
        return Optional.of(arguments -> new TemplateFunction.Raw(found.render(arguments)));
    }

    /** The page with what its modules need, each thing once, in the order of their first use. */
    String completed(String page, PageMarkup markup) {
        if (used.isEmpty()) {
            return page;
        }
        var resources = used.values().stream().flatMap(m -> m.resources().stream()).toList();
        var scripts = urls(resources, PageResources::javascriptFiles);
        var styles = urls(resources, PageResources::cssFiles);
        var script = texts(resources, PageResources::embeddedJavascript, "\n");
        var style = texts(resources, PageResources::embeddedCss, "\n");
        var bodyEnd =
                lines(
                        scripts.isEmpty() ? "" : markup.linkedJavascript(scripts),
                        script.isEmpty() ? "" : markup.embeddedJavascript(script));
        var head =
                lines(
                        styles.isEmpty() ? "" : markup.linkedCss(styles),
                        style.isEmpty() ? "" : markup.embeddedCss(style),
                        texts(resources, PageResources::htmlHead, ""));
        var body = lines(texts(resources, PageResources::htmlBody, ""));
        var whole = inserted(page, page.lastIndexOf("</body>"), bodyEnd, "</body>");
        whole = inserted(whole, whole.indexOf("</head>"), head, "</head>");
        return inserted(whole, whole.indexOf("</body>"), body, "</body>");
    }

    private static String inserted(String page, int at, String text, String tag) {
        if (text.isEmpty()) {
            return page;
        }
        if (at < 0) {
            throw new IllegalStateException(
                    "the page has no " + tag + ", before which its modules' resources go");
        }
        return page.substring(0, at) + text + page.substring(at);
    }

    private static String lines(String... texts) {
        var lines = new StringBuilder();
        for (var text : texts) {
            if (!text.isEmpty()) {
                lines.append(text).append('\n');
            }
        }
        return lines.toString();
    }

    private List<String> urls(
            List<PageResources> resources, Function<PageResources, List<String>> files) {
        Set<String> all = new LinkedHashSet<>();
        resources.forEach(r -> all.addAll(files.apply(r)));
        var urls = new ArrayList<String>(all.size());
        for (var file : all) {
            urls.add(isAbsolute(file) ? file : handler.staticUrl(file));
        }
        return urls;
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/") || path.startsWith("http:") || path.startsWith("https:");
    }

    private static String texts(
            List<PageResources> resources, Function<PageResources, String> text, String between) {
        return resources.stream()
                .map(text)
                .filter(t -> !t.isEmpty())
                .distinct()
                .collect(Collectors.joining(between));
    }
}
