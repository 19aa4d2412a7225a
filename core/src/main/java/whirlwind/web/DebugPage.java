package whirlwind.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Html;
import whirlwind.http.HttpServerRequest;
import whirlwind.web.template.TemplateException;

/**
 * A failure as a page for the developer who made it: its causes, the innermost first, each with its
 * stack, in which the application's own lines stand out; and the request, without its secrets.
 */
final class DebugPage {
    private static final Set<String> SECRET =
            Set.of("authorization", "cookie", "proxy-authorization", "x-xsrftoken", "x-csrftoken");

    private static final String STYLE =
            """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em;
                   color: #222; background: #fff; }
            h1 { font-size: 1.3em; margin: 0; color: #b00020; overflow-wrap: anywhere; }
            h2 { font-size: 1em; margin: 2em 0 .4em; }
            p { margin: .3em 0 1em; font-size: 1.1em; white-space: pre-wrap; overflow-wrap: anywhere; }
            ol { list-style: none; padding: .6em 1em; margin: 0; background: #f6f6f6; border-radius: 6px;
                 font: 13px/1.6 ui-monospace, monospace; color: #888; overflow-x: auto; }
            li.own { color: #111; font-weight: 600; }
            pre { padding: .6em 1em; background: #f6f6f6; border-radius: 6px; overflow-x: auto;
                  font: 13px/1.6 ui-monospace, monospace; }
            mark { display: inline-block; min-width: 100%; background: #ffd6da; color: #b00020; }
            table { border-collapse: collapse; font-size: 13px; }
            td { padding: .15em 1.5em .15em 0; vertical-align: top; overflow-wrap: anywhere; }
            td:first-child { color: #666; white-space: nowrap; }
            @media (prefers-color-scheme: dark) {
              body { color: #ddd; background: #181818; } ol { background: #242424; color: #888; }
              pre { background: #242424; } mark { background: #5a1a22; color: #ffc9d0; }
              li.own { color: #fff; } h1 { color: #ff6b7d; } td:first-child { color: #999; } }
            """;

    private final StringBuilder page = new StringBuilder();

    private DebugPage() {}

    static String html(HttpServerRequest request, int status, Throwable failure) {
        return new DebugPage().whole(request, status, failure);
    }

    private String whole(HttpServerRequest request, int status, Throwable failure) {
        var causes = causes(failure);
        var root = causes.getLast();
        page.append("<!DOCTYPE html><html lang=en><meta charset=utf-8><title>")
                .append(status)
                .append(": ")
                .append(Html.escape(root.getClass().getSimpleName()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><body>");
        for (int i = causes.size() - 1; i >= 0; i--) {
            cause(causes.get(i), i == causes.size() - 1);
        }
        request(request);
        return page.append("</body></html>").toString();
    }

    private void cause(Throwable cause, boolean isRoot) {
        page.append(isRoot ? "<h1>" : "<h2>led to ")
                .append(Html.escape(cause.getClass().getName()))
                .append(isRoot ? "</h1><p>" : "</h2><p>")
                .append(Html.escape(String.valueOf(cause.getMessage())))
                .append("</p>");
        if (cause instanceof TemplateException fault) {
            excerpt(fault);
        }
        page.append("<ol>");
        for (var frame : cause.getStackTrace()) {
            page.append(isOwn(frame) ? "<li class=own>" : "<li>")
                    .append(Html.escape(frame.toString()))
                    .append("</li>");
        }
        page.append("</ol>");
    }

    /** The lines of the template, the one with the fault marked. */
    private void excerpt(TemplateException fault) {
        page.append("<pre>");
        for (var line : fault.excerpt()) {
            var text = Html.escape("%4d  %s".formatted(line.number(), line.text()));
            page.append(line.number() == fault.line() ? "<mark>" + text + "</mark>" : text)
                    .append('\n');
        }
        page.append("</pre>");
    }

    private void request(HttpServerRequest request) {
        page.append("<h2>Request</h2><table>");
        row(request.method(), request.fullUrl());
        row("from", request.remoteIp());
        request.headers()
                .forEach((name, value) ->
                        row(name, SECRET.contains(name.toLowerCase(Locale.ROOT)) ? "…" : value));
        page.append("</table>");
    }

    private void row(String name, String value) {
        page.append("<tr><td>")
                .append(Html.escape(name))
                .append("</td><td>")
                .append(Html.escape(value))
                .append("</td></tr>");
    }

    /** The failure and its causes, the innermost last. */
    private static List<Throwable> causes(Throwable failure) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        var causes = new ArrayList<Throwable>();
        for (@Nullable Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
            causes.add(t);
        }
        return causes;
    }

    /** Whether it is neither the JDK's nor this library's. */
    private static boolean isOwn(StackTraceElement frame) {
        var module = frame.getModuleName();
        var type = frame.getClassName();
        return (module == null || !(module.startsWith("java.") || module.startsWith("jdk.")))
                && !isLibrary(type);
    }

    private static boolean isLibrary(String type) {
        return type.startsWith("io.netty.")
                || (type.startsWith("whirlwind.")
                        && !type.startsWith("whirlwind.demos.")
                        && !type.endsWith("Test")
                        && !type.contains("Test$"));
    }
}
