package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class HeaderValueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/html; charset=utf-8                       | text/html | charset | utf-8",
                "text/html;charset = \"utf-8\" ; q=1            | text/html | charset | utf-8",
                "form-data; foo=\"b\\\\a\\\"r\"                 | form-data | foo     | b\\a\"r",
                "form-data; foo=\"C:\\dir\\file\"               | form-data | foo     | C:\\dir\\file",
                "form-data; foo=\"a;b=c\"                       | form-data | foo     | a;b=c",
                "form-data; FOO=bar                             | form-data | foo     | bar",
                "form-data; foo=                                | form-data | foo     | ``",
                "form-data; foo=a; foo=b                        | form-data | foo     | b",
                "form-data; foo=\"open                          | form-data | foo     | open",
                "form-data; foo*=utf-8''T%C3%A4st               | form-data | foo     | T\u00e4st",
                "form-data; foo*=ISO-8859-1'en'T%E4st; foo=x    | form-data | foo     | T\u00e4st",
                "form-data; foo=x; foo*=utf-8''%E4              | form-data | foo     | x",
                "form-data; foo=x; foo*=nonsense''y             | form-data | foo     | x",
                "form-data; foo=x; foo*=plain                   | form-data | foo     | x",
                "form-data;; ;foo=x;                            | form-data | foo     | x",
                "; foo=x                                        | ``        | foo     | x",
            })
    void valueAndParametersAreTakenApart(
            String header, String value, String name, String parameter) {
        var parsed = HeaderValue.parse(header);

        assertThat(parsed.value()).isEqualTo(value);
        assertThat(parsed.parameter(name)).isEqualTo(parameter);
    }

    @Test
    void flagsHaveNullWhichIsNotTheEmptyValue() {
        var parsed =
                HeaderValue.parse(
                        "permessage-deflate; client_max_window_bits; a=; server_no_context_takeover");
        var expected = new HashMap<String, String>();
        expected.put("client_max_window_bits", null);
        expected.put("a", "");
        expected.put("server_no_context_takeover", null);

        assertThat(parsed.parameters()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "text/html",
                "text/html; charset=utf-8",
                "a; flag; b=\"x y\"; c=\"\"",
                "a; b=\"\\\"\\\\\""
            })
    void textReadsBack(String header) {
        assertThat(HeaderValue.parse(header)).hasToString(header);
    }

    @Test
    void hostileParametersStayLinear() {
        int many = 1_000_000; // with its square a test doesn't end in time
        var header = "form-data; name=\"" + ";".repeat(many) + "\"; a=" + "\"\\".repeat(many);

        assertThat(HeaderValue.parse(header).parameter("name")).hasSize(many);
    }
}
