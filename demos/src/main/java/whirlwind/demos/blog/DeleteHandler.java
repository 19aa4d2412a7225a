package whirlwind.demos.blog;

import java.util.Map;
import whirlwind.web.Authenticated;

/** Asks a post's author whether to delete it, and does it. */
@Authenticated
final class DeleteHandler extends BlogHandler {
    DeleteHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        render("delete.html", Map.of("post", ownPost()));
    }

    @Override
    protected void post() {
        posts().remove(ownPost());
        redirect(reverseUrl("home"), 303);
    }
}
