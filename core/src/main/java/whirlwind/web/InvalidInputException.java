package whirlwind.web;

import java.io.Serial;
import java.util.List;
import whirlwind.web.binding.BindingException;
import whirlwind.web.locale.UserLocale;

/**
 * Input that does not become the record it should. The client is told of each field that is wrong
 * and why: 400 for what can't be read at all, and for queries; 422 for a body that says the wrong
 * things.
 */
public final class InvalidInputException extends HttpError {
    @Serial private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * What is wrong with one field.
     *
     * @param field its name as the client knows it, {@code items[2].price}; empty for all of the
     *     input
     * @param reason such as {@code is missing}; the client reads it
     */
    public record Problem(String field, String reason) {
        /** The same with the reason in a language, if its catalogue has that. */
        public Problem in(UserLocale locale) {
            return new Problem(field, locale.translate(reason));
        }
    }

    /** Input with these problems, for checks of your own; answered with 422. */
    public InvalidInputException(List<Problem> problems) {
        this(422, problems);
    }

    private InvalidInputException(int status, List<Problem> problems) {
        super(status, "invalid input: " + describe(problems));
        this.problems = List.copyOf(problems);
    }

    static InvalidInputException of(int status, BindingException unfit) {
        return new InvalidInputException(
                status,
                unfit.problems().entrySet().stream()
                        .map(entry -> new Problem(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private static String describe(List<Problem> problems) {
        var text = new StringBuilder();
        for (var problem : problems) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(problem.field().isEmpty() ? "it" : problem.field())
                    .append(' ')
                    .append(problem.reason());
        }
        return text.toString();
    }

    /** What is wrong, field by field. */
    public List<Problem> problems() {
        return problems;
    }
}
