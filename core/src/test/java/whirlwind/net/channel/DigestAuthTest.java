package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class DigestAuthTest {

    @ParameterizedTest
    @CsvSource({ // RFC 7616 section 3.9.1
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    })
    void theExamplesOfTheRfcComeOut(String algorithm, String response) {
        var challenge =
                Map.of(
                        "realm", "http-auth@example.org",
                        "qop", "auth, auth-int",
                        "algorithm", algorithm,
                        "nonce", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                        "opaque", "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
        var answer =
                DigestAuth.answer(
                        challenge,
                        new DigestAuth.User("Mufasa", "Circle of Life"),
                        "GET",
                        "/dir/index.html",
                        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        assertThat(answer)
                .startsWith("Digest username=\"Mufasa\", realm=\"http-auth@example.org\"")
                .contains("response=\"" + response + "\"")
                .contains("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
    }

    @Test
    void aChallengeWithoutQopIsAnsweredAsOfOld() {
        // RFC 2069's example, with the response that its errata give.
        var challenge =
                Map.of(
                        "realm", "testrealm@host.com",
                        "nonce", "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                        "opaque", "5ccc069c403ebaf9f0171e9517f40e41");
        var answer =
                DigestAuth.answer(
                        challenge,
                        new DigestAuth.User("Mufasa", "CircleOfLife"),
                        "GET",
                        "/dir/index.html",
                        "unused");
        assertThat(answer)
                .contains("response=\"1949323746fe6a43ef61f9606e7febea\"")
                .doesNotContain("qop")
                .doesNotContain("cnonce");
    }

    @Test
    void challengesAreFoundAmongOthers() {
        var found =
                DigestAuth.challenges(
                        "Negotiate, Basic realm=\"a, Digest b=c\", Digest realm=\"x \\\"y\\\"\","
                                + " nonce = n1 ,stale=true, digest nonce=\"n2\"");
        assertThat(found).hasSize(2);
        assertThat(found.getFirst())
                .isEqualTo(
                        new HashMap<>(Map.of("realm", "x \"y\"", "nonce", "n1", "stale", "true")));
        assertThat(found.getLast()).isEqualTo(Map.of("nonce", "n2"));
    }

    @Test
    void namesBeyondAsciiAreSpeltOut() {
        var answer =
                DigestAuth.answer(
                        Map.of("realm", "r", "nonce", "n"),
                        new DigestAuth.User("J\u00e4s\u00f8n Doe", "x"),
                        "GET",
                        "/",
                        "c");
        assertThat(answer).startsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ");
    }
}
