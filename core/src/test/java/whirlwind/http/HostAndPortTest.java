package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class HostAndPortTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1",
        "example.com:80, example.com, 80",
        "example.com:, example.com, -1",
        "[::1]:443, [::1], 443",
        "[::1], [::1], -1",
        "2001:db8::1, 2001:db8::1, -1",
        "a:b, a:b, -1",
        ":80, '', 80",
        "'', '', -1",
        "a:65535, a, 65535",
    })
    void hostsAreSplitFromPorts(String text, String host, int port) {
        var split = HostAndPort.parse(text);

        assertThat(split.host()).isEqualTo(host);
        assertThat(split.port().orElse(-1)).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "a, true",
        "a:12345, true",
        "a:123456, false",
        "a:b, false",
        "[::1]:80, true",
        "[], false",
        "[]:80, false",
        ":80, false",
        "a b, false",
    })
    void whatCannotBeAHostIsNone(String text, boolean valid) {
        assertThat(HostAndPort.isValid(text)).isEqualTo(valid);
    }

    @Test
    void portsHaveSixteenBits() {
        assertThatIllegalArgumentException().isThrownBy(() -> HostAndPort.parse("a:65536"));
        assertThatIllegalArgumentException().isThrownBy(() -> HostAndPort.parse("a:99999999999"));
    }
}
