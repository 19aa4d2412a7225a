package whirlwind.demos.blog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import whirlwind.demos.DemoProgram;

/** The blog as its readers meet it, and the whole of it on each database. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BlogTest {
    private static final TestBlog BLOG = TestBlog.empty();
    private static final Visitor ADA = BLOG.author("Ada");
    private static final String ATOM = "http://www.w3.org/2005/Atom";

    @BeforeAll
    static void write() {
        ADA.write("Mine", "Text.");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        BLOG.close();
    }

    @ParameterizedTest
    @EnumSource
    void authorsWriteAndReadersRead(TestDatabase kind) throws Exception {
        try (var blog = new TestBlog(kind.newUrl())) {
            var reader = blog.visitor();
            assertThat(reader.get("/").text(".nothing")).isEqualTo("Nothing has been written yet.");

            var ada = blog.author("Ada");
            var post = ada.write("Über uns!", "Hello *there*\n\n# Heading\n\nMore.");
            assertThat(post.path()).isEqualTo("/posts/1/uber-uns");
            assertThat(post.text("article h1")).isEqualTo("Über uns!");
            assertThat(post.page().select(".prose").html())
                    .contains("<p>Hello <em>there</em></p>", "<h2>Heading</h2>");

            var bob = blog.author("Bob");
            var commented =
                    bob.submit(
                            bob.get(post.path()),
                            ".discussion > form",
                            Map.of("text", "Well\nsaid"));
            assertThat(commented.text("#comment-1 .words")).isEqualTo("Well said");
            assertThat(commented.text("#comment-1 .byline a")).isEqualTo("Bob");

            assertThat(reader.get("/").text(".posts article"))
                    .contains("Über uns!", "Ada", "Hello there More.", "1 comment");
            assertThat(reader.get("/authors/ada").text("h1")).isEqualTo("Posts by Ada");
            assertThat(reader.get("/feed.atom").body()).contains("Über uns!");

            var edited =
                    ada.submit(
                            ada.get(post.path() + "/edit"),
                            "main form",
                            Map.of("title", "About us", "body", "Changed."));
            assertThat(edited.path()).isEqualTo("/posts/1/about-us");
            assertThat(edited.text(".prose")).isEqualTo("Changed.");
            assertThat(edited.text("article .byline")).contains("edited");

            assertThat(ada.submit("/posts/1/about-us/delete", Map.of()).path()).isEqualTo("/");
            assertThat(reader.get("/posts/1").status()).isEqualTo(404);
            assertThat(reader.get("/").page().select(".posts article")).isEmpty();
        }
    }

    /** As its users start it. */
    @ParameterizedTest
    @EnumSource
    void oneOptionSaysWhichDatabase(TestDatabase kind) throws Exception {
        try (var program = new DemoProgram("blog", "--port", "0", "--database", kind.newUrl());
                var client = HttpClient.newHttpClient()) {
            var home = HttpRequest.newBuilder(program.address()).build();
            var response = client.send(home, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("Nothing has been written yet.");
        }
    }

    @Test
    void postsAndSignInsSurviveARestart(@TempDir Path folder) throws Exception {
        var url = "jdbc:h2:file:" + folder.resolve("blog");
        var blog = new TestBlog(url);
        var ada = blog.author("Ada");
        ada.write("Still here", "Yes.");
        blog.demo().close();
        try (var again = new TestBlog(url, blog.demo().port());
                ada) {
            assertThat(ada.get("/").text(".posts h2")).isEqualTo("Still here");
            assertThat(ada.get("/").text(".top .me")).isEqualTo("Ada");
        }
    }

    @Test
    void manyPostsComeInPages() throws Exception {
        try (var blog = TestBlog.empty()) {
            var ada = blog.author("Ada");
            for (int i = 1; i <= 11; i++) {
                ada.write("Post " + i, "Text.");
            }
            var first = ada.get("/");
            assertThat(first.page().select(".posts h2").eachText())
                    .hasSize(10)
                    .startsWith("Post 11", "Post 10");
            assertThat(first.text(".pages")).isEqualTo("Page 1 of 2 Older →");
            var second = ada.get(first.page().select(".pages [rel=next]").attr("href"));
            assertThat(second.page().select(".posts h2").eachText()).containsExactly("Post 1");
            assertThat(ada.get("/authors/Ada?page=2").page().select(".posts h2")).hasSize(1);
            assertThat(ada.get("/?page=x").status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nonsense",
                "/posts/100",
                "/posts/100/title",
                "/posts/0",
                "/posts/99999999999999999999",
                "/posts/x/title",
                "/authors/nobody",
                "/language/tlh",
                "/?page=2",
                "/?page=0",
                "/static/nonsense.css"
            })
    void whatIsNotThereIsSaidSo(String path) {
        assertThat(BLOG.visitor().get(path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/posts/1", "/posts/1/an-older-title"})
    void aPostHasOneAddress(String path) {
        assertThat(BLOG.visitor().get(path).path()).isEqualTo("/posts/1/mine");
    }

    @Test
    void theFeedIsAtom() throws Exception {
        ADA.write("First & <best>", "One *word* & `<code>`");
        ADA.write("Second", "Text.");
        var answer = BLOG.visitor().get("/feed.atom");
        assertThat(answer.header("Content-Type")).isEqualTo("application/atom+xml; charset=UTF-8");
        var feed = parsed(answer.body()).getDocumentElement();
        assertThat(feed.getLocalName()).isEqualTo("feed");
        // RFC 4287 sections 4.1.1 and 4.1.2: what a feed and its entries must have.
        for (var name : List.of("id", "title", "updated")) {
            assertThat(childrenOf(feed, name)).describedAs(name).hasSize(1);
        }
        var entries = childrenOf(feed, "entry");
        assertThat(entries).hasSize(3);
        for (var entry : entries) {
            for (var name : List.of("id", "title", "updated", "author", "content")) {
                assertThat(childrenOf(entry, name)).describedAs(name).hasSize(1);
            }
            Instant.parse(childrenOf(entry, "updated").getFirst().getTextContent());
        }
        var first = entries.get(1);
        assertThat(childrenOf(first, "title").getFirst().getTextContent())
                .isEqualTo("First & <best>");
        assertThat(childrenOf(first, "content").getFirst().getTextContent())
                .isEqualTo("<p>One <em>word</em> &amp; <code>&lt;code&gt;</code></p>\n");
        var link = childrenOf(first, "link").getFirst().getAttribute("href");
        assertThat(link).isEqualTo(BLOG.demo().uri("/posts/2/first-best").toString());
    }

    @Test
    void aFeedThatHasNotChangedIsNotSentAgain() {
        var reader = BLOG.visitor();
        var tag = reader.get("/feed.atom").header("Etag");
        var again =
                HttpRequest.newBuilder(BLOG.demo().uri("/feed.atom")).header("If-None-Match", tag);
        assertThat(reader.send(again).status()).isEqualTo(304);
    }

    private static Document parsed(String xml) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<Element> childrenOf(Element parent, String name) {
        var children = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && name.equals(element.getLocalName())
                    && ATOM.equals(element.getNamespaceURI())) {
                children.add(element);
            }
        }
        return children;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sign-in", "/nonsense", "/feed.atom", "/static/blog.css"})
    void everyResponseTellsBrowsersToBeCareful(String path) {
        var answer = BLOG.visitor().get(path);
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isNotEmpty();
    }

    @Test
    void styleSheetsAreCachedUntilTheyChange() {
        var reader = BLOG.visitor();
        var sheets = reader.get("/").page().select("link[rel=stylesheet]").eachAttr("href");
        assertThat(sheets).hasSize(2).allMatch(url -> url.contains("?v="));
        for (var sheet : sheets) {
            assertThat(reader.get(sheet).header("Cache-Control")).contains("immutable");
        }
        assertThat(reader.get("/").header("Cache-Control")).isEqualTo("private, no-cache");
    }

    @Test
    void headIsAnsweredLikeGetWithoutABody() {
        var head = HttpRequest.newBuilder(BLOG.demo().uri("/")).HEAD();
        var answer = BLOG.visitor().send(head);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "de-AT;en, de, Notizen aus der Schleife",
        "fr;de;q=0.5, de, Notizen aus der Schleife",
        "en-GB;de;q=0.9, en, Notes from the loop",
        "fr, en, Notes from the loop"
    })
    void theBrowsersLanguageIsSpoken(String accepted, String language, String title) {
        var page =
                BLOG.visitor().speaking(accepted.replace(";d", ",d").replace(";e", ",e")).get("/");
        assertThat(page.page().select("html").attr("lang")).isEqualTo(language);
        assertThat(page.text("h1")).isEqualTo(title);
    }

    @Test
    void aLanguageThatWasChosenIsKept() {

        var reader = BLOG.visitor();
        var german = reader.get("/posts/1").page().select(".languages [lang=de]").attr("href");
        assertThat(german).isEqualTo("/language/de?next=%2Fposts%2F1%2Fmine");
        var page = reader.get(german);
        assertThat(page.path()).isEqualTo("/posts/1/mine");
        assertThat(page.text(".discussion h2")).isEqualTo("0 Kommentare");
        var refused = reader.submit("/sign-in", Map.of("name", "x", "password", "y"));
        assertThat(refused.text(".problem"))
                .isEqualTo("Das ist nicht das Passwort zu diesem Namen.");
        assertThat(reader.get("/nonsense").text("h1")).isEqualTo("Hier ist nichts");
    }
}
