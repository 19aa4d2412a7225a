package whirlwind.demos.visitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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

    @Test
    void aNameThatIsTakenGetsANumber() {
        assertThat(Names.unique("Ada", List.of("Bob"))).isEqualTo("Ada");
        assertThat(Names.unique("ada", List.of("Ada", "Ada 2"))).isEqualTo("ada 3");
        var longest = "x".repeat(24);
        assertThat(Names.unique(longest, List.of(longest))).isEqualTo("x".repeat(19) + " 2");
    }
}
