package whirlwind.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class LinkifyTest {
    private static Arguments row(String text, String html) {
        return Arguments.of(Linkify.DEFAULT, text, html);
    }

    private static String link(String url) {
        return "<a href=\"" + url + "\">" + url + "</a>";
    }

    static Stream<Arguments> links() {
        var cutting = Linkify.DEFAULT.withShorten();
        return Stream.of(
                // what is no address
                row("", ""),
                row("no address & nothing <else>", "no address &amp; nothing &lt;else&gt;"),
                row("http:", "http:"),
                row("http://", "http://"),
                row("://x.example", "://x.example"),
                row("wwww.example", "wwww.example"),
                row("awww.example", "awww.example"),
                row("www.", "www."),
                row("12:30/13:00", "12:30/13:00"),
                // addresses in a sentence
                row("http://a.example", link("http://a.example")),
                row("see http://a.example/ now", "see " + link("http://a.example/") + " now"),
                row("http://a.example/b.", link("http://a.example/b") + "."),
                row("http://a.example/b, c", link("http://a.example/b") + ", c"),
                row("really http://a.example/?!", "really " + link("http://a.example/") + "?!"),
                row("http://a.example/b;\n", link("http://a.example/b") + ";\n"),
                row("<http://a.example/b>", "&lt;" + link("http://a.example/b") + "&gt;"),
                row("\"http://a.example/b\"", "&quot;" + link("http://a.example/b") + "&quot;"),
                row("'http://a.example/b'", "&#x27;" + link("http://a.example/b") + "&#x27;"),
                row("http://a.example/b...", link("http://a.example/b") + "..."),
                row(
                        "a http://b.example c https://d.example/ e",
                        "a "
                                + link("http://b.example")
                                + " c "
                                + link("https://d.example/")
                                + " e"),
                // round brackets
                row("(http://a.example/b)", "(" + link("http://a.example/b") + ")"),
                row("http://a.example/b_(c)", link("http://a.example/b_(c)")),
                row("http://a.example/b_(c)_d.", link("http://a.example/b_(c)_d") + "."),
                row("(see http://a.example/b_(c))", "(see " + link("http://a.example/b_(c)") + ")"),
                row("http://a.example/(b", link("http://a.example/") + "(b"),
                row("http://a.example/((b))", link("http://a.example/") + "((b))"),
                // what addresses may have in them
                row("http://a.example/?b=1&c=2", link("http://a.example/?b=1&amp;c=2")),
                row("http://a.example/?b=1&c=", link("http://a.example/?b=1&amp;c") + "="),
                row("http://a.example:8080/b", link("http://a.example:8080/b")),
                row("http://user:pw@a.example/b", link("http://user:pw@a.example/b")),
                row("http://a.example/#b", link("http://a.example/#b")),
                row("http://a.example/~b/%20,c", link("http://a.example/~b/%20,c")),
                row("http://\u27a1.ws/\u4a39", link("http://\u27a1.ws/\u4a39")),
                row("http:///a.example", link("http:///a.example")),
                // protocols, and none
                row("www.a.example", "<a href=\"http://www.a.example\">www.a.example</a>"),
                row(
                        "(www.a.example/b)",
                        "(<a href=\"http://www.a.example/b\">www.a.example/b</a>)"),
                row("ftp://a.example", "ftp://a.example"),
                row("javascript://a.example/%0aalert", "javascript://a.example/%0aalert"),
                row("xhttp://a.example", "xhttp://a.example"),
                Arguments.of(
                        Linkify.DEFAULT.withRequireProtocol(),
                        "www.a.example http://b.example",
                        "www.a.example " + link("http://b.example")),
                Arguments.of(
                        Linkify.DEFAULT.withPermittedProtocols(Set.of("ftp", "message")),
                        "ftp://a.example http://b.example message:/c",
                        link("ftp://a.example") + " http://b.example " + link("message:/c")),
                // attributes
                Arguments.of(
                        Linkify.DEFAULT.withExtraParams(" rel=\"nofollow\" class=\"out\" "),
                        "http://a.example",
                        "<a href=\"http://a.example\" rel=\"nofollow\" class=\"out\">http://a.example</a>"),
                Arguments.of(
                        Linkify.DEFAULT.withExtraParams(href ->
                                href.startsWith("http://a.") ? "class=\"in\"" : "class=\"out\""),
                        "http://a.example http://b.example",
                        "<a href=\"http://a.example\" class=\"in\">http://a.example</a>"
                                + " <a href=\"http://b.example\" class=\"out\">http://b.example</a>"),
                // cut
                Arguments.of(cutting, "http://a.example/short", link("http://a.example/short")),
                Arguments.of(
                        cutting,
                        "http://a.example/a-rather-long-path/and-more?x=1&y=2",
                        "<a href=\"http://a.example/a-rather-long-path/and-more?x=1&amp;y=2\""
                                + " title=\"http://a.example/a-rather-long-path/and-more?x=1&amp;y=2\">"
                                + "http://a.example/a-rather...</a>"),
                Arguments.of(
                        cutting,
                        "http://a-host-that-is-longer-than-what-is-shown.example/path",
                        "<a href=\"http://a-host-that-is-longer-than-what-is-shown.example/path\""
                                + " title=\"http://a-host-that-is-longer-than-what-is-shown.example/path\">"
                                + "http://a-host-that-is-longer-t...</a>"),
                Arguments.of(
                        cutting,
                        "http://just-a-little-long.example/",
                        link("http://just-a-little-long.example/")));
    }

    @ParameterizedTest
    @MethodSource("links")
    void addressesBecomeLinks(Linkify linkify, String text, String html) {
        assertThat(linkify.apply(text)).isEqualTo(html);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "www.(",
                "http://",
                "http://a(",
                "www.&",
                "(((((",
                "a:/",
                "www.!",
                "-:/",
                "&amp;"
            })
    void hostileTextTakesTimeInProportion(String piece) {
        var text = piece.repeat(200_000);
        // A pass over a megabyte takes milliseconds; anything quadratic would take hours.
        assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThat(Linkify.DEFAULT.apply(text)).isNotEmpty());
    }

    @Test
    void nothingOfTheTextEscapesEscaping() {
        assertThat(Linkify.DEFAULT.apply("http://a.example/\"onclick=\"x <b> www.a\"b"))
                .doesNotContain("<b>", "\"onclick")
                .contains("&quot;onclick=&quot;x");
    }
}
