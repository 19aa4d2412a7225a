package whirlwind.http.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class HeaderNamesTest {
    private static CharSequence find(String name) {
        var bytes = ("::" + name + ":").getBytes(US_ASCII);
        return HeaderNames.find(bytes, 2, name.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "host", "Connection", "User-Agent", "Accept", "Cookie"})
    void commonNamesAreMadeOnce(String name) {
        assertThat(find(name)).hasToString(name).isSameAs(find(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X", "hOST", "Hosts", "X-Something-Else"})
    void othersAreNotKnown(String name) {
        assertThat(find(name)).isNull();
    }
}
