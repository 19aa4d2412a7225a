package whirlwind.demos.blog;

import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A text in Markdown, rendered.
 *
 * @param html safe, whatever was written: HTML in the text is shown and not obeyed, and links lead
 *     only where a link may
 * @param excerpt its beginning, without markup
 */
record Markdown(String html, String excerpt) {
    private static final int EXCERPT_LENGTH = 280;
    private static final int LOWEST_HEADING = 6;

    /**
     * Where links and pictures may lead; the library would take {@code data:} as well, a page of
     * its own.
     */
    private static final List<String> LINKED = List.of("http", "https", "mailto");

    private static final Parser PARSER = Parser.builder().build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder()
                    .escapeHtml(true)
                    .sanitizeUrls(true)
                    .urlSanitizer(new DefaultUrlSanitizer(LINKED))
                    .build();

    /** Renders a text; takes a while if it is long. */
    static Markdown of(String text) {
        var document = PARSER.parse(text);
        document.accept(new BelowTitle());
        var excerpt = new Excerpt();
        document.accept(excerpt);
        return new Markdown(RENDERER.render(document), excerpt.text());
    }

    /** The page has a heading already, the post's title: those in its text rank below it. */
    private static final class BelowTitle extends AbstractVisitor {
        @Override
        public void visit(Heading heading) {
            heading.setLevel(Math.min(LOWEST_HEADING, heading.getLevel() + 1));
        }
    }

    /** Collects the words of plain paragraphs until there are enough. */
    private static final class Excerpt extends AbstractVisitor {
        private final StringBuilder words = new StringBuilder();

        @Override
        public void visit(Paragraph paragraph) {
            if (words.length() <= EXCERPT_LENGTH) {
                visitChildren(paragraph);
                words.append(' ');
            }
        }

        @Override
        public void visit(BlockQuote quotation) {}

        @Override
        public void visit(BulletList list) {}

        @Override
        public void visit(OrderedList list) {}

        @Override
        public void visit(Heading heading) {}

        @Override
        public void visit(Text text) {
            words.append(text.getLiteral());
        }

        @Override
        public void visit(Code code) {
            words.append(code.getLiteral());
        }

        @Override
        public void visit(SoftLineBreak lineBreak) {
            words.append(' ');
        }

        @Override
        public void visit(HardLineBreak lineBreak) {
            words.append(' ');
        }

        String text() {
            var text = words.toString().strip();
            if (text.length() <= EXCERPT_LENGTH) {
                return text;
            }
            int space = text.lastIndexOf(' ', EXCERPT_LENGTH);
            int end = space > 0 ? space : text.offsetByCodePoints(0, EXCERPT_LENGTH / 2);
            return text.substring(0, end).strip() + "…";
        }
    }
}
