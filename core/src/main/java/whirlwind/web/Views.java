package whirlwind.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import whirlwind.web.locale.UserLocale;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateArguments;
import whirlwind.web.template.TemplateFunction;
import whirlwind.web.template.TemplateLoader;
import whirlwind.web.template.TemplateSource;

/** What one handler shows: its templates, what they see, its modules, and in which language. */
final class Views {
    private final RequestHandler handler;
    private final UIModules modules;
    private @Nullable UserLocale locale;

    /** Of handlers without a template path: beside their classes, by package. */
    static final class BesideClasses {
        private final Map<String, TemplateLoader> byPackage = new ConcurrentHashMap<>();

        TemplateLoader of(Class<?> handler) {
            return byPackage.computeIfAbsent(
                    handler.getPackageName(),
                    name -> new PebbleTemplateLoader(TemplateSource.classPath(handler, "")));
        }
    }

    Views(RequestHandler handler) {
        this.handler = handler;
        this.modules = new UIModules(handler);
    }

    TemplateLoader defaultLoader() {
        var given = handler.settings().templates();
        return given != null
                ? given
                : handler.application()
                        .attachment(BesideClasses.class, BesideClasses::new)
                        .of(handler.getClass());
    }

    UserLocale locale() {
        var known = locale;
        if (known == null) {
            var chosen = handler.getUserLocale();
            known = chosen != null ? chosen : browserLocale();
            locale = known;
        }
        return known;
    }

    /** Without a request the default. */
    private UserLocale browserLocale() {
        return handler.hasRequest()
                ? handler.getBrowserLocale()
                : handler.settings().locales().fallback();
    }

    void setLocale(UserLocale locale) {
        this.locale = locale;
    }

    /** A whole page, with what its modules need. */
    String page(String template, Map<String, ?> values) {
        return modules.completed(text(template, values), handler.pageMarkup());
    }

    String text(String template, Map<String, ?> values) {
        var loader = handler.getTemplateLoader();
        if (!handler.settings().templateCache()) {
            loader.reset();
        }
        var all = namespace();
        all.putAll(handler.getTemplateNamespace());
        all.putAll(values);
        all.forEach((name, value) -> {
            if (value instanceof Future<?>) {
                throw new IllegalArgumentException(
                        "%s: %s is a future, not what it gives: Async.await it"
                                .formatted(template, name));
            }
        });
        return loader.render(template, all, locale().java());
    }

    private Map<String, @Nullable Object> namespace() {
        var all = new HashMap<String, @Nullable Object>();
        var language = locale();
        all.put("handler", handler);
        if (handler.hasRequest()) {
            all.put("request", handler.request());
        }
        if (handler.hasRequest() || handler.knowsCurrentUser()) {
            all.put("current_user", handler.currentUser());
        }
        all.put("locale", language);
        all.put("modules", modules);
        function(all, "_", arguments -> translated(language, arguments));
        function(all, "translate", arguments -> translated(language, arguments));
        function(all, "pgettext", arguments -> inContext(language, arguments));
        function(all, "static_url", this::staticUrl);
        function(all, "reverse_url", this::reverseUrl);
        function(
                all,
                "xsrf_form_html",
                arguments -> new TemplateFunction.Raw(handler.xsrfFormHtml()));
        handler.settings()
                .uiMethods()
                .forEach((name, method) ->
                        function(all, name, arguments -> method.call(handler, arguments)));
        return all;
    }

    private static void function(
            Map<String, @Nullable Object> namespace, String name, TemplateFunction function) {
        namespace.put(name, function);
    }

    /** {@code _("message")}, or {@code _("message", "plural", count)}. */
    private static String translated(UserLocale locale, TemplateArguments arguments) {
        return arguments.count() <= 1
                ? locale.translate(arguments.text(0))
                : locale.translate(arguments.text(0), arguments.text(1), count(arguments, 2));
    }

    private static String inContext(UserLocale locale, TemplateArguments arguments) {
        return arguments.count() <= 2
                ? locale.pgettext(arguments.text(0), arguments.text(1))
                : locale.pgettext(
                        arguments.text(0),
                        arguments.text(1),
                        arguments.text(2),
                        count(arguments, 3));
    }

    private static long count(TemplateArguments arguments, int position) {
        if (arguments.get(position) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(
                "argument %d: %s is no number".formatted(position + 1, arguments.get(position)));
    }

    private String staticUrl(TemplateArguments arguments) {
        var host = arguments.get("include_host", arguments.count() > 1 ? arguments.get(1) : false);
        return handler.staticUrl(arguments.text(0), Boolean.TRUE.equals(host));
    }

    private String reverseUrl(TemplateArguments arguments) {
        var values = arguments.positional();
        return handler.reverseUrl(
                arguments.text(0), values.subList(1, values.size()).toArray(new Object[0]));
    }

    String staticUrl(String path, boolean includeHost) {
        var files =
                Objects.requireNonNull(
                        handler.settings().staticFiles(),
                        "staticUrl needs the setting staticFiles: set"
                                + " ApplicationSettings.withStaticFiles");
        if (!handler.settings().staticHashCache()) {
            files.reset();
        }
        var url = files.url(path, true);
        if (!includeHost) {
            return url;
        }
        var request = handler.request();
        return request.protocol() + "://" + request.host() + url;
    }
}
