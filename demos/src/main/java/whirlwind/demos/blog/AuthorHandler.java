package whirlwind.demos.blog;

import java.util.Map;
import whirlwind.web.HttpError;

/** The posts of one author. */
final class AuthorHandler extends BlogHandler {
    AuthorHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        var author = authors().named(getPathArgument("name")).orElseThrow(() -> new HttpError(404));
        var page = Page.of(this, posts().countOf(author));
        var written = posts().newestOf(author, page.offset(), Page.SIZE);
        render("author.html", Map.of("author", author, "page", page, "posts", written));
    }
}
