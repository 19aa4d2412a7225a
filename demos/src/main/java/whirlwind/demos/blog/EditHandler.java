package whirlwind.demos.blog;

import java.util.Map;
import whirlwind.web.Authenticated;

/** The form that changes a post, for its author. */
@Authenticated
final class EditHandler extends BlogHandler {
    EditHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        var post = ownPost();
        show(post, new PostForm(post.title(), posts().markdown(post)), new Problems(locale()));
    }

    @Override
    protected void post() {
        var post = ownPost();
        var form = form(PostForm.class);
        var problems = form.problems(locale());
        if (problems.isEmpty()) {
            posts().change(post, form);
            redirect(reverseUrl("short", post.id()), 303);
        } else {
            setStatus(422);
            show(post, form, problems);
        }
    }

    private void show(Post post, PostForm form, Problems problems) {
        render("edit.html", Map.of("post", post, "form", form, "problems", problems));
    }
}
