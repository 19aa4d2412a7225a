package whirlwind.demos.blog;

import java.util.Map;
import whirlwind.web.Authenticated;

/** The form for a new post. */
@Authenticated
final class ComposeHandler extends BlogHandler {
    ComposeHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        show(PostForm.EMPTY, new Problems(locale()));
    }

    @Override
    protected void post() {
        var form = form(PostForm.class);
        var problems = form.problems(locale());
        if (problems.isEmpty()) {
            redirect(reverseUrl("short", posts().add(author(), form)), 303);
        } else {
            setStatus(422);
            show(form, problems);
        }
    }

    private void show(PostForm form, Problems problems) {
        render("compose.html", Map.of("form", form, "problems", problems));
    }
}
