package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class RequestUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://example.com, http://example.com/",
        "HTTP://Example.COM:80/a, http://example.com/a",
        "https://example.com:443?q, https://example.com/?q",
        "https://example.com:80/, https://example.com:80/",
        "http://example.com:/x, http://example.com/x",
        "http://user:pw@h/x#frag?no, http://h/x",
        "http://a@b@h/, http://h/",
        "http://[2001:DB8::1]:8080/, http://[2001:db8::1]:8080/",
        "http://b\u00fccher.example/, http://xn--bcher-kva.example/",
        "http://h/\u00e9 \u20ac?a=<b>, http://h/%C3%A9%20%E2%82%AC?a=%3Cb%3E",
        "http://h/%zz%41, http://h/%zz%41",
        "http://under_score.example/, http://under_score.example/",
    })
    void aUrlIsTakenApart(String url, String expected) {
        assertThat(RequestUrl.parse(url)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "/path",
                "ftp://h/",
                "http:/h/",
                "http://",
                "http://:80/",
                "http://h:port/",
                "http://h:0/",
                "http://h:65536/",
                "http://h:-1/",
                "http://[::1/",
                "http://[127.0.0.1]/",
                "http://a b/",
                "http://a\\b/",
                "http://one.example\\@other.example/", // which of them depends on who reads it
                "http://.h/",
                "http://h/\r\nX: y",
                "http://h\u0000/",
            })
    void whatIsNoUrlOfHttpIsRefused(String url) {
        assertThatThrownBy(() -> RequestUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("URL ");
    }

    @ParameterizedTest
    @CsvSource({ // RFC 3986 section 5.4, with http
        "g, http://a/b/c/g",
        "./g, http://a/b/c/g",
        "g/, http://a/b/c/g/",
        "/g, http://a/g",
        "//g, http://g/",
        "?y, http://a/b/c/d;p?y",
        "g?y, http://a/b/c/g?y",
        "g?y/../x, http://a/b/c/g?y/../x",
        "#s, http://a/b/c/d;p?q",
        ";x, http://a/b/c/;x",
        "., http://a/b/c/",
        "./, http://a/b/c/",
        ".., http://a/b/",
        "../g, http://a/b/g",
        "../.., http://a/",
        "../../g, http://a/g",
        "../../../g, http://a/g",
        "/../g, http://a/g",
        "g;x=1/../y, http://a/b/c/y",
        "g.., http://a/b/c/g..",
        "https://x/y?z, https://x/y?z",
    })
    void aReferenceIsResolved(String reference, String expected) {
        var base = RequestUrl.parse("http://a/b/c/d;p?q");
        assertThat(base.resolve(reference)).hasToString(expected);
    }

    @Test
    void bytesOfAReferenceStayWhatTheyAre() {
        var base = RequestUrl.parse("http://a/");
        assertThat(base.resolve("/caf\u00c3\u00a9")).hasToString("http://a/caf%C3%A9");
    }

    @Test
    void anOriginIsSchemeHostAndPort() {
        var url = RequestUrl.parse("http://h/a");
        assertThat(url.hasOriginOf(RequestUrl.parse("http://me@H:80/b"))).isTrue();
        assertThat(url.hasOriginOf(RequestUrl.parse("https://h:80/"))).isFalse();
        assertThat(url.hasOriginOf(RequestUrl.parse("http://h:81/"))).isFalse();
        assertThat(url.hasOriginOf(RequestUrl.parse("http://i/"))).isFalse();
    }
}
