package whirlwind.web.template;

import io.pebbletemplates.pebble.extension.AbstractNodeVisitor;
import io.pebbletemplates.pebble.node.BodyNode;
import io.pebbletemplates.pebble.node.RenderableNode;
import io.pebbletemplates.pebble.node.TextNode;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import java.util.ListIterator;

/**
 * Goes through a template once it has been read, in the order of its text, and treats its white
 * space: at first as its name says or its loader, from a {@code {% whitespace mode %}} on as that
 * says.
 */
final class WhitespaceVisitor extends AbstractNodeVisitor {
    private Whitespace mode;

    WhitespaceVisitor(PebbleTemplateImpl template, Whitespace mode) {
        super(template);
        this.mode = mode;
    }

    @Override
    public void visit(BodyNode body) {
        for (ListIterator<RenderableNode> at = body.getChildren().listIterator(); at.hasNext(); ) {
            switch (at.next()) {
                case TextNode text -> {
                    var filtered = mode.filter(new String(text.getData()));
                    at.set(new TextNode(filtered, text.getLineNumber()));
                }
                case Tags.WhitespaceNode directive -> mode = directive.mode();
                case RenderableNode other -> other.accept(this);
            }
        }
    }
}
