package whirlwind.web.template;

import io.pebbletemplates.pebble.extension.NodeVisitor;
import io.pebbletemplates.pebble.node.AbstractRenderableNode;
import io.pebbletemplates.pebble.node.BodyNode;
import io.pebbletemplates.pebble.node.RenderableNode;
import io.pebbletemplates.pebble.parser.Parser;
import io.pebbletemplates.pebble.template.EvaluationContextImpl;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * {@code {% try %} ... {% except %} ... {% else %} ... {% finally %} ... {% endtry %}}: what can
 * fail, what to write then (the exception is {@code error} there), what else, and what in any case.
 * Variables that the first part sets are seen in {@code else} and not after it.
 */
final class TryNode extends AbstractRenderableNode {
    static final TokenParser TAG = new Tags.Tag("try", TryNode::parse);

    private final BodyNode body;
    private @Nullable BodyNode except;
    private @Nullable BodyNode otherwise;
    private @Nullable BodyNode last;

    private TryNode(BodyNode body, int line) {
        super(line);
        this.body = body;
    }

    private static RenderableNode parse(int line, Parser parser) {
        var node = new TryNode(Tags.bodyUpTo(parser, "except", "finally", "endtry"), line);
        if (Tags.takes(parser, "except")) {
            node.except = Tags.bodyUpTo(parser, "else", "finally", "endtry");
            if (Tags.takes(parser, "else")) {
                node.otherwise = Tags.bodyUpTo(parser, "finally", "endtry");
            }
        }
        if (Tags.takes(parser, "finally")) {
            node.last = Tags.bodyUpTo(parser, "endtry");
        }
        parser.getStream().next();
        Tags.end(parser);
        return node;
    }

    @Override
    public void render(PebbleTemplateImpl self, Writer out, EvaluationContextImpl context)
            throws IOException {
        // A copy, so that scopes which a failure leaves open are forgotten with it.
        var own = context.threadSafeCopy(self);
        try {
            attempt(self, out, context, own);
        } finally {
            if (last != null) {
                last.render(self, out, context);
            }
        }
    }

    private void attempt(
            PebbleTemplateImpl self,
            Writer out,
            EvaluationContextImpl context,
            EvaluationContextImpl own)
            throws IOException {
        try {
            body.render(self, out, own);
        } catch (CancellationException cancelled) {
            throw cancelled;
        } catch (RuntimeException e) {
            if (except == null || Loops.isJump(e)) {
                throw e;
            }
            var scopes = context.getScopeChain();
            scopes.pushScope();
            scopes.put("error", e);
            except.render(self, out, context);
            scopes.popScope();
            return;
        }
        if (otherwise != null) {
            otherwise.render(self, out, own);
        }
    }

    @Override
    public void accept(NodeVisitor visitor) {
        visitor.visit(this);
        for (var part : new @Nullable BodyNode[] {body, except, otherwise, last}) {
            if (part != null) {
                part.accept(visitor);
            }
        }
    }
}
