package whirlwind.demos.blog;

import java.util.Map;

/** The first page: the newest posts of all authors. */
final class HomeHandler extends BlogHandler {
    HomeHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        var page = Page.of(this, posts().count());
        render(
                "home.html",
                Map.of("page", page, "posts", posts().newest(page.offset(), Page.SIZE)));
    }
}
