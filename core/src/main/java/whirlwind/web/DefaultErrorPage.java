package whirlwind.web;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Html;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.Preference;

/** An error in the form that the client wants: see {@link ErrorPage#DEFAULT}. */
final class DefaultErrorPage {
    private static final String PROBLEM = "application/problem+json";
    private static final String JSON_TYPE = "application/json";

    /** The forms of an answer. */
    private enum Form {
        HTML,
        JSON,
        /** Nobody said what they want: a browser would. */
        ANY
    }

    private final RequestHandler handler;
    private final int status;
    private final @Nullable Throwable failure;

    /** The failure, if it may be shown itself. */
    private final @Nullable Throwable shown;

    DefaultErrorPage(RequestHandler handler, int status, @Nullable Throwable failure) {
        this.handler = handler;
        this.status = status;
        this.failure = failure;
        boolean isExpected = failure instanceof HttpError || failure instanceof HttpInputException;
        this.shown = handler.settings().serveTraceback() && !isExpected ? failure : null;
    }

    void write() {
        handler.vary("Accept");
        switch (form(handler.request())) {
            case JSON -> writeProblem();
            case HTML -> writeHtml();
            case ANY -> {
                if (shown != null) {
                    handler.setHeader("Content-Type", "text/plain; charset=UTF-8");
                    handler.write(stackTrace(shown));
                } else {
                    writeHtml();
                }
            }
        }
    }

    private void writeHtml() {
        if (shown != null) {
            handler.write(DebugPage.html(handler.request(), status, shown));
            return;
        }
        var title = status + ": " + Html.escape(handler.getReason());
        var list = new StringBuilder();
        for (var problem : problems()) {
            list.append("<li><b>")
                    .append(Html.escape(problem.field()))
                    .append("</b> ")
                    .append(Html.escape(problem.reason()))
                    .append("</li>");
        }
        var body = list.isEmpty() ? title : "<h1>" + title + "</h1><ul>" + list + "</ul>";
        handler.write("<html><title>" + title + "</title><body>" + body + "</body></html>");
    }

    private void writeProblem() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("type", "about:blank");
        fields.put("title", handler.getReason());
        fields.put("status", status);
        var problems = problems();
        if (!problems.isEmpty()) {
            fields.put("errors", problems);
        }
        var id = RequestId.current();
        if (id != null) {
            fields.put("requestId", id);
        }
        if (shown != null) {
            fields.put("detail", shown.toString());
            fields.put("trace", stackTrace(shown).lines().toList());
        }
        handler.writeJson(fields);
        handler.setHeader("Content-Type", PROBLEM);
    }

    private static String stackTrace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** In the reader's language, as far as there are words for it. */
    private List<InvalidInputException.Problem> problems() {
        if (!(failure instanceof InvalidInputException invalid)) {
            return List.of();
        }
        var locale = handler.locale();
        return invalid.problems().stream().map(problem -> problem.in(locale)).toList();
    }

    /** What is named counts, not what wildcards allow; else a body in JSON wants one back. */
    private static Form form(HttpServerRequest request) {
        int html = 0;
        int json = 0;
        var accept = request.headers().get("Accept");
        if (accept != null) {
            for (var preference : Preference.parseList(accept)) {
                if (preference.value().equalsIgnoreCase("text/html")) {
                    html = preference.weight();
                } else if (isJson(preference.value())) {
                    json = Math.max(json, preference.weight());
                }
            }
        }
        if (json > html) {
            return Form.JSON;
        }
        if (html > 0) {
            return Form.HTML;
        }
        var contentType = request.headers().get("Content-Type");
        return contentType != null && isJson(contentType) ? Form.JSON : Form.ANY;
    }

    /** {@code application/json}, or what ends with {@code +json}; parameters don't matter. */
    static boolean isJson(String contentType) {
        if (contentType.equals(JSON_TYPE)) { // as most often
            return true;
        }
        int semicolon = contentType.indexOf(';');
        var type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        return type.equalsIgnoreCase(JSON_TYPE)
                || type.regionMatches(true, Math.max(0, type.length() - 5), "+json", 0, 5);
    }
}
