package whirlwind.demos.blog;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import whirlwind.escape.Html;
import whirlwind.web.RequestHandler;
import whirlwind.web.locale.DateStyle;
import whirlwind.web.template.TemplateArguments;
import whirlwind.web.template.TemplateFunction.Raw;

/** What templates say in the reader's language, beyond plain messages. */
final class Phrases {
    private Phrases() {}

    /** {@code say("Page %d of %d", page.number, page.last)}: a message with something in it. */
    static String say(RequestHandler handler, TemplateArguments arguments) {
        var values = arguments.positional();
        return handler.locale()
                .translate(arguments.text(0))
                .formatted(values.subList(1, values.size()).toArray());
    }

    /** {@code count("1 comment", "%d comments", post.comments)}. */
    static String count(RequestHandler handler, TemplateArguments arguments) {
        if (!(arguments.get(2) instanceof Number number)) {
            throw new IllegalArgumentException(arguments.get(2) + " is no number");
        }
        return handler.locale()
                .translate(arguments.text(0), arguments.text(1), number.longValue())
                .formatted(number);
    }

    /**
     * {@code when(post.written)}: a point in time, in words for readers, exactly for programs and
     * for who points at it.
     */
    static Raw when(RequestHandler handler, TemplateArguments arguments) {
        if (!(arguments.get(0) instanceof Instant time)) {
            throw new IllegalArgumentException(arguments.get(0) + " is no point in time");
        }
        var locale = handler.locale();
        var exact = locale.formatDate(time, DateStyle.DEFAULT.inFull()) + " UTC";
        var words = locale.formatDate(time, DateStyle.DEFAULT.withoutTime());
        return new Raw(
                "<time datetime=\"%s\" title=\"%s\">%s</time>"
                        .formatted(
                                time.truncatedTo(ChronoUnit.SECONDS),
                                Html.escape(exact),
                                Html.escape(words)));
    }
}
