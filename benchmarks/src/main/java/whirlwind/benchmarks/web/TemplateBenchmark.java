package whirlwind.benchmarks.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateFunction;
import whirlwind.web.template.TemplateLoader;
import whirlwind.web.template.TemplateSource;

/** Rendering templates that have been read before. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class TemplateBenchmark {
    private static final Map<String, String> TEXTS =
            Map.of(
                    "base.html",
                    "<html><head><title>{% block title %}{% endblock %}</title></head>"
                            + "<body>{% block body %}{% endblock %}</body></html>",
                    "page.html",
                    "{% extends \"base.html\" %}{% block title %}{{ title }}{% endblock %}"
                            + "{% block body %}<table>{% for row in rows %}<tr><td>{{ row.id }}</td>"
                            + "<td>{{ row.message }}</td></tr>{% endfor %}</table>{% endblock %}",
                    "line.html",
                    "Hello, {{ name }}!",
                    "call.html",
                    "{% for row in rows %}{{ shown(row.message) }}{% endfor %}");

    private final TemplateLoader templates = new PebbleTemplateLoader(TemplateSource.map(TEXTS));
    private final Map<String, Object> values = values();

    /** A row of the page's table. */
    public record Row(int id, String message) {}

    private static Map<String, Object> values() {
        TemplateFunction shown = arguments -> arguments.text(0);
        List<Row> rows =
                IntStream.range(0, 12)
                        .mapToObj(i -> new Row(i, "Additional <fortune> number " + i))
                        .toList();
        return new HashMap<>(
                Map.of("title", "Fortunes", "name", "world", "rows", rows, "shown", shown));
    }

    /** One line with one value. */
    @Benchmark
    public String line() {
        return templates.render("line.html", values);
    }

    /** A page that extends another and has a table of 12 rows, all of them escaped. */
    @Benchmark
    public String page() {
        return templates.render("page.html", values);
    }

    /** 12 calls of a function. */
    @Benchmark
    public String calls() {
        return templates.render("call.html", values);
    }
}
