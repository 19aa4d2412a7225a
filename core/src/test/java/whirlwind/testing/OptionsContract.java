package whirlwind.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is wrong about an option is said in one sentence, where it is given. */
public abstract class OptionsContract<O> {
    private final O defaults;

    protected OptionsContract(O defaults) {
        this.defaults = defaults;
    }

    /**
     * @param option the method that is given something wrong
     * @param sentence what it says to that
     */
    public record Wrong<O>(String option, UnaryOperator<O> given, String sentence) {}

    /** Something wrong for each option that can be. */
    protected abstract Stream<Wrong<O>> wrong();

    /** Whether an option of this type can be given something wrong. */
    protected abstract boolean canBeWrong(Class<?> type);

    @TestFactory
    Stream<DynamicTest> whatCannotBeMeantIsRefusedWhereItIsGiven() {
        return wrong().map(wrong ->
                dynamicTest(
                        wrong.sentence,
                        () ->
                                assertThatIllegalArgumentException()
                                        .isThrownBy(() -> wrong.given.apply(defaults))
                                        .withMessage(wrong.sentence)));
    }

    /** A new option can't be forgotten here. */
    @Test
    void eachOptionThatCanBeWrongIsInTheTable() {
        var options =
                Arrays.stream(defaults.getClass().getMethods())
                        .filter(method -> method.getName().startsWith("with"))
                        .filter(method -> canBeWrong(method.getParameterTypes()[0]))
                        .map(method -> method.getName());
        assertThat(wrong().map(Wrong::option)).containsAll(options.toList());
    }
}
