package whirlwind.demos.visitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void namesAreMadePresentable() {
        assertThat(Names.clean("  Ada \n\t Lovelace ")).isEqualTo("Ada Lovelace");
        assertThat(Names.clean("\u202eevil\u0007\u200b")).isEqualTo("evil");
        assertThat(Names.clean("Zoe\u0308")).isEqualTo("Zoë");
        assertThat(Names.clean(" \u200b ")).isEqualTo("Guest");
        assertThat(Names.clean("x".repeat(100))).hasSize(24);
        assertThat(Names.clean("😀".repeat(30))).isEqualTo("😀".repeat(24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u3164", "\u034F\uFE0F", "\u2800", "\u00A0", "\u2003\u3000"})
    void aNameThatShowsNothingIsNone(String blank) {
        assertThat(Names.clean(blank)).isEqualTo("Guest");
        assertThat(Names.clean(blank + "Ada" + blank)).isEqualTo("Ada");
    }

    @Test
    void aNameInOtherShapesOfItsLettersIsTakenAsWell() {
        assertThat(Names.unique("\uFF21da", List.of("Ada"))).isEqualTo("\uFF21da 2");
    }

    @Test
    void aNameThatIsTakenGetsANumber() {
        assertThat(Names.unique("Ada", List.of("Bob"))).isEqualTo("Ada");
        assertThat(Names.unique("ada", List.of("Ada", "Ada 2"))).isEqualTo("ada 3");
        var longest = "x".repeat(24);
        assertThat(Names.unique(longest, List.of(longest))).isEqualTo("x".repeat(19) + " 2");
    }
}
