package whirlwind.web.template;

import io.pebbletemplates.pebble.error.ParserException;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.extension.NodeVisitor;
import io.pebbletemplates.pebble.lexer.Token;
import io.pebbletemplates.pebble.node.AbstractRenderableNode;
import io.pebbletemplates.pebble.node.ArgumentsNode;
import io.pebbletemplates.pebble.node.BodyNode;
import io.pebbletemplates.pebble.node.RenderableNode;
import io.pebbletemplates.pebble.parser.Parser;
import io.pebbletemplates.pebble.template.EvaluationContextImpl;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Tornado's tags that Pebble lacks: module, apply, whitespace; loops and try are beside this. */
final class Tags {
    private Tags() {}

    /** A tag by its name. */
    record Tag(String name, Parsing parsing) implements TokenParser {
        @Override
        public String getTag() {
            return name;
        }

        @Override
        public RenderableNode parse(Token token, Parser parser) {
            parser.getStream().next();
            return parsing.parse(token.getLineNumber(), parser);
        }
    }

    @FunctionalInterface
    interface Parsing {
        RenderableNode parse(int line, Parser parser);
    }

    static final TokenParser MODULE = new Tag("module", Tags::module);
    static final TokenParser APPLY = new Tag("apply", Tags::apply);
    static final TokenParser WHITESPACE = new Tag("whitespace", Tags::whitespace);

    // ---- parsing ----

    static void end(Parser parser) {
        parser.getStream().expect(Token.Type.EXECUTE_END);
    }

    static String name(Parser parser) {
        return parser.getStream().expect(Token.Type.NAME).getValue();
    }

    /** What stands before one of these tags, whose name comes next then. */
    static BodyNode bodyUpTo(Parser parser, String... tags) {
        end(parser);
        var body = parser.subparse(token -> token.test(Token.Type.NAME, tags));
        var stopped = parser.getStream().current();
        if (stopped.getValue() == null) {
            throw new ParserException(
                    null,
                    "Unexpected end of template. Pebble was looking for \""
                            + String.join("\", \"", tags)
                            + "\"",
                    stopped.getLineNumber(),
                    parser.getStream().getFilename());
        }
        return body;
    }

    /** Whether this tag comes next; it is taken then. */
    static boolean takes(Parser parser, String tag) {
        if (!parser.getStream().current().test(Token.Type.NAME, tag)) {
            return false;
        }
        parser.getStream().next();
        return true;
    }

    private static RenderableNode module(int line, Parser parser) {
        var name = name(parser);
        var arguments = parser.getExpressionParser().parseArguments(false);
        end(parser);
        return new ModuleNode(name, arguments, line);
    }

    private static RenderableNode apply(int line, Parser parser) {
        var name = name(parser);
        var body = bodyUpTo(parser, "endapply");
        parser.getStream().next();
        end(parser);
        return new ApplyNode(name, body, line);
    }

    private static RenderableNode whitespace(int line, Parser parser) {
        var mode = name(parser);
        end(parser);
        try {
            return new WhitespaceNode(Whitespace.of(mode), line);
        } catch (IllegalArgumentException unknown) {
            throw new ParserException(
                    unknown, unknown.getMessage(), line, parser.getStream().getFilename());
        }
    }

    // ---- nodes ----

    /** Writes what a UI module renders, as it is. */
    private static final class ModuleNode extends AbstractRenderableNode {
        private final String name;
        private final ArgumentsNode arguments;

        ModuleNode(String name, ArgumentsNode arguments, int line) {
            super(line);
            this.name = name;
            this.arguments = arguments;
        }

        @Override
        public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context)
                throws IOException {
            if (!(context.getVariable("modules") instanceof TemplateFunction.Group group)) {
                throw new PebbleException(
                        null,
                        "modules are only there where a request handler renders",
                        getLineNumber(),
                        self.getName());
            }
            out.write(
                    String.valueOf(
                            Calls.ofGroup(
                                    group,
                                    name,
                                    Calls.evaluated(arguments, self, context),
                                    self.getName(),
                                    getLineNumber())));
        }

        @Override
        public void accept(NodeVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** Passes what its body renders through a function, whose result is written as it is. */
    private static final class ApplyNode extends AbstractRenderableNode {
        private final String name;
        private final BodyNode body;

        ApplyNode(String name, BodyNode body, int line) {
            super(line);
            this.name = name;
            this.body = body;
        }

        @Override
        public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context)
                throws IOException {
            var text = new StringWriter();
            body.render(self, text, context);
            var function = context.getExtensionRegistry().getFunction(name);
            if (function != null) {
                var names = function.getArgumentNames();
                var first = names == null || names.isEmpty() ? "0" : names.getFirst();
                out.write(
                        String.valueOf(
                                function.execute(
                                        Map.of(first, text.toString()),
                                        self,
                                        context,
                                        getLineNumber())));
                return;
            }
            var filter = context.getExtensionRegistry().getFilter(name);
            if (filter == null) {
                throw new PebbleException(
                        null, "no function \"" + name + "\"", getLineNumber(), self.getName());
            }
            out.write(
                    String.valueOf(
                            filter.apply(
                                    text.toString(), Map.of(), self, context, getLineNumber())));
        }

        @Override
        public void accept(NodeVisitor visitor) {
            visitor.visit(this);
            body.accept(visitor);
        }
    }

    /** Renders nothing; {@link WhitespaceVisitor} looks at it. */
    static final class WhitespaceNode extends AbstractRenderableNode {
        private final Whitespace mode;

        WhitespaceNode(Whitespace mode, int line) {
            super(line);
            this.mode = mode;
        }

        Whitespace mode() {
            return mode;
        }

        @Override
        public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context) {
            // it has done its work when the template was read
        }

        @Override
        public void accept(NodeVisitor visitor) {
            visitor.visit(this);
        }
    }

    static List<TokenParser> all() {
        return List.of(
                MODULE,
                APPLY,
                WHITESPACE,
                Loops.FOR,
                Loops.WHILE,
                Loops.BREAK,
                Loops.CONTINUE,
                TryNode.TAG);
    }
}
