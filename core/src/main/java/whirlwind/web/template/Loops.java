package whirlwind.web.template;

import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.extension.NodeVisitor;
import io.pebbletemplates.pebble.lexer.Token;
import io.pebbletemplates.pebble.node.AbstractRenderableNode;
import io.pebbletemplates.pebble.node.BodyNode;
import io.pebbletemplates.pebble.node.ForNode;
import io.pebbletemplates.pebble.node.RenderableNode;
import io.pebbletemplates.pebble.node.expression.Expression;
import io.pebbletemplates.pebble.parser.Parser;
import io.pebbletemplates.pebble.template.EvaluationContextImpl;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code while}, and {@code break} and {@code continue} in it and in Pebble's {@code for}. The two
 * leave a body by an exception; the loop's body, wrapped, catches it.
 */
final class Loops {
    static final TokenParser FOR = new Tags.Tag("for", Loops::forLoop);
    static final TokenParser WHILE = new Tags.Tag("while", Loops::whileLoop);
    static final TokenParser BREAK =
            new Tags.Tag("break", (line, parser) -> jump(line, parser, true));
    static final TokenParser CONTINUE =
            new Tags.Tag("continue", (line, parser) -> jump(line, parser, false));

    /** A loop that goes on for longer is a mistake, and would hold the event loop for ever. */
    private static final int MAX_TURNS = 1_000_000;

    private Loops() {}

    /** Leaves a turn of a loop, or all of it; if no loop catches it, it says where it stood. */
    private static final class Jump extends PebbleException {
        private static final long serialVersionUID = 1;

        private final boolean ends;

        Jump(boolean ends, int line, String template) {
            super(null, (ends ? "break" : "continue") + " outside of a loop", line, template);
            this.ends = ends;
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Whether an exception is the way out of a loop and no failure. */
    static boolean isJump(RuntimeException e) {
        return e instanceof Jump;
    }

    private static RenderableNode jump(int line, Parser parser, boolean ends) {
        Tags.end(parser);
        return new JumpNode(ends, line);
    }

    private static RenderableNode forLoop(int line, Parser parser) {
        var expressions = parser.getExpressionParser();
        var variable = expressions.parseNewVariableName();
        parser.getStream().expect(Token.Type.NAME, "in");
        var iterable = expressions.parseExpression();
        var body = Tags.bodyUpTo(parser, "else", "endfor");
        BodyNode otherwise = null;
        if (Tags.takes(parser, "else")) {
            otherwise = Tags.bodyUpTo(parser, "endfor");
        }
        parser.getStream().next();
        Tags.end(parser);
        var turn = new BodyNode(line, new ArrayList<>(List.of(new TurnNode(body, line))));
        return new ForNode(line, variable, iterable, turn, otherwise);
    }

    private static RenderableNode whileLoop(int line, Parser parser) {
        var condition = parser.getExpressionParser().parseExpression();
        var body = Tags.bodyUpTo(parser, "endwhile");
        parser.getStream().next();
        Tags.end(parser);
        return new WhileNode(condition, body, line);
    }

    private static final class JumpNode extends AbstractRenderableNode {
        private final boolean ends;

        JumpNode(boolean ends, int line) {
            super(line);
            this.ends = ends;
        }

        @Override
        public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context) {
            throw new Jump(ends, getLineNumber(), self.getName());
        }

        @Override
        public void accept(NodeVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** One turn of a {@code for}; after a break the turns that are left do nothing. */
    private static final class TurnNode extends AbstractRenderableNode {
        private final BodyNode body;
        private final String broken;

        TurnNode(BodyNode body, int line) {
            super(line);
            this.body = body;
            this.broken = "break of line " + line; // no variable can be called that
        }

        @Override
        public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context)
                throws IOException {
            var scopes = context.getScopeChain();
            if (scopes.currentScopeContainsVariable(broken)) {
                return;
            }
            try {
                body.render(self, out, context);
            } catch (Jump jump) {
                if (jump.ends) {
                    scopes.put(broken, true);
                }
            }
        }

        @Override
        public void accept(NodeVisitor visitor) {
            visitor.visit(this);
            body.accept(visitor);
        }
    }

    private static final class WhileNode extends AbstractRenderableNode {
        private final Expression<?> condition;
        private final BodyNode body;

        WhileNode(Expression<?> condition, BodyNode body, int line) {
            super(line);
            this.condition = condition;
            this.body = body;
        }

        @Override
        public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context)
                throws IOException {
            for (int turn = 0; isTrue(self, context); turn++) {
                if (turn == MAX_TURNS) {
                    throw new PebbleException(
                            null,
                            "while: %,d turns (at most that many)".formatted(MAX_TURNS),
                            getLineNumber(),
                            self.getName());
                }
                try {
                    body.render(self, out, context);
                } catch (Jump jump) {
                    if (jump.ends) {
                        return;
                    }
                }
            }
        }

        private boolean isTrue(PebbleTemplateImpl self, EvaluationContextImpl context) {
            return switch (condition.evaluate(self, context)) {
                case Boolean truth -> truth;
                case null -> false;
                case Object other ->
                        throw new PebbleException(
                                null,
                                "while: %s is no boolean".formatted(other),
                                getLineNumber(),
                                self.getName());
            };
        }

        @Override
        public void accept(NodeVisitor visitor) {
            visitor.visit(this);
            body.accept(visitor);
        }
    }
}
