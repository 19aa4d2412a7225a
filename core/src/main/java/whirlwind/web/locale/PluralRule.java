package whirlwind.web.locale;

import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;
import whirlwind.escape.Text;

/**
 * Which form a language has for a number: gettext's {@code Plural-Forms}, such as {@code
 * nplurals=2; plural=n != 1;}. The expression is C's, with {@code n} its only variable; it is read
 * by this parser and by nothing that could run anything else.
 *
 * @param forms how many forms there are
 * @param index of the form for a number
 */
record PluralRule(int forms, LongUnaryOperator index) {
    /** As in English and German; what gettext assumes where nothing is said. */
    static final PluralRule GERMANIC = new PluralRule(2, n -> n == 1 ? 0 : 1);

    private static final Pattern HEADER =
            Pattern.compile("\\s*nplurals\\s*=\\s*(\\d{1,3})\\s*;\\s*plural\\s*=([^;]*);?\\s*");

    /** Arabic's, the longest there is, has some 100 characters. */
    private static final int MAX_LENGTH = 1000;

    /** What keeps a malicious catalogue from overflowing the stack. */
    private static final int MAX_DEPTH = 100;

    /**
     * Reads the value of a {@code Plural-Forms} header.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PluralRule parse(String header) {
        var parts = HEADER.matcher(header);
        if (header.length() > MAX_LENGTH || !parts.matches()) {
            throw new IllegalArgumentException("Plural-Forms: " + Text.quoted(header));
        }
        return new PluralRule(Integer.parseInt(parts.group(1)), new Parser(parts.group(2)).whole());
    }

    /** The form for a number; the first one where the rule names none that there is. */
    int form(long count) {
        try {
            long form = index.applyAsLong(count);
            return form >= 0 && form < forms ? (int) form : 0;
        } catch (ArithmeticException dividedByZero) {
            return 0;
        }
    }

    private interface Operation {
        long apply(long left, long right);
    }

    /** Operators from those that bind least to those that bind most; of two, the longer first. */
    private static final String[][] OPERATORS = {
        {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}
    };

    /** Recursive descent, one level for each precedence of C. */
    private static final class Parser {
        private final String text;
        private int at;
        private int depth;

        Parser(String text) {
            this.text = text.replaceAll("\\s+", "");
        }

        LongUnaryOperator whole() {
            var expression = choice();
            if (at < text.length()) {
                throw unexpected();
            }
            return expression;
        }

        private LongUnaryOperator choice() {
            if (++depth > MAX_DEPTH) {
                throw new IllegalArgumentException("Plural-Forms: nested deeper than " + MAX_DEPTH);
            }
            var condition = binary(0);
            if (!take("?")) {
                depth--;
                return condition;
            }
            var yes = choice();
            expect(":");
            var no = choice();
            depth--;
            return n -> condition.applyAsLong(n) != 0 ? yes.applyAsLong(n) : no.applyAsLong(n);
        }

        private LongUnaryOperator binary(int level) {
            if (level == OPERATORS.length) {
                return unary();
            }
            var left = binary(level + 1);
            for (var symbol = operator(level); !symbol.isEmpty(); symbol = operator(level)) {
                left = combined(symbol, left, binary(level + 1));
            }
            return left;
        }

        /** The operator of a level that comes next, taken; empty if none does. */
        private String operator(int level) {
            for (var symbol : OPERATORS[level]) {
                if (take(symbol)) {
                    return symbol;
                }
            }
            return "";
        }

        private static LongUnaryOperator combined(
                String symbol, LongUnaryOperator left, LongUnaryOperator right) {
            // What the left side decides leaves the right one alone, which may divide by zero.
            if (symbol.equals("||")) {
                return n -> truth(left.applyAsLong(n) != 0 || right.applyAsLong(n) != 0);
            }
            if (symbol.equals("&&")) {
                return n -> truth(left.applyAsLong(n) != 0 && right.applyAsLong(n) != 0);
            }
            Operation operation =
                    switch (symbol) {
                        case "==" -> (a, b) -> truth(a == b);
                        case "!=" -> (a, b) -> truth(a != b);
                        case "<=" -> (a, b) -> truth(a <= b);
                        case ">=" -> (a, b) -> truth(a >= b);
                        case "<" -> (a, b) -> truth(a < b);
                        case ">" -> (a, b) -> truth(a > b);
                        case "+" -> (a, b) -> a + b;
                        case "-" -> (a, b) -> a - b;
                        case "*" -> (a, b) -> a * b;
                        case "/" -> (a, b) -> a / b;
                        case "%" -> (a, b) -> a % b;
                        default -> throw new AssertionError(symbol);
                    };
            return n -> operation.apply(left.applyAsLong(n), right.applyAsLong(n));
        }

        private static long truth(boolean value) {
            return value ? 1 : 0;
        }

        private LongUnaryOperator unary() {
            int negations = 0;
            while (take("!")) {
                negations++;
            }
            var operand = operand();
            if (negations == 0) {
                return operand;
            }
            boolean odd = negations % 2 == 1;
            return n -> truth((operand.applyAsLong(n) == 0) == odd);
        }

        private LongUnaryOperator operand() {
            if (take("n")) {
                return n -> n;
            }
            if (take("(")) {
                var inner = choice();
                expect(")");
                return inner;
            }
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == start || at - start > 9) {
                throw unexpected();
            }
            long number = Long.parseLong(text.substring(start, at));
            return n -> number;
        }

        private boolean take(String symbol) {
            if (!text.startsWith(symbol, at)) {
                return false;
            }
            at += symbol.length();
            return true;
        }

        private void expect(String symbol) {
            if (!take(symbol)) {
                throw unexpected();
            }
        }

        private IllegalArgumentException unexpected() {
            var found = at < text.length() ? Text.quoted(text.substring(at)) : "its end";
            return new IllegalArgumentException(
                    "Plural-Forms: " + Text.quoted(text) + ", unexpected " + found);
        }
    }
}
