package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class ETagsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "*                        | \"a\"    | true  | true",
                "\"a\"                    | \"a\"    | true  | true",
                "\"a\"                    | \"b\"    | false | false",
                "W/\"a\"                  | \"a\"    | true  | false",
                "\"a\"                    | W/\"a\"  | true  | false",
                "W/\"a\"                  | W/\"a\"  | true  | false",
                "\"b\", \"a\"             | \"a\"    | true  | true",
                "\"b\",W/\"c\",\"a\"      | \"a\"    | true  | true",
                "\"b\", W/\"a\"           | \"a\"    | true  | false",
                "\"a,b\", \"c\"           | \"a,b\"  | true  | true",
                "\"a,b\"                  | \"b\"    | false | false",
                "\"ab\"                   | \"a\"    | false | false",
                "a                        | \"a\"    | false | false",
                "\"a                      | \"a\"    | false | false",
                "``                       | \"a\"    | false | false",
                "\"*\"                    | \"a\"    | false | false",
            })
    void tagsAreFoundInLists(String list, String etag, boolean weak, boolean strong) {
        assertThat(ETags.weakMatch(list, etag)).isEqualTo(weak);
        assertThat(ETags.strongMatch(list, etag)).isEqualTo(strong);
    }
}
