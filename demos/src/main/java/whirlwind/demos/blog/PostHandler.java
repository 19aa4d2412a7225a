package whirlwind.demos.blog;

import java.util.Map;
import whirlwind.web.Authenticated;
import whirlwind.web.HttpError;

/** One post with its comments, to which authors may add. */
final class PostHandler extends BlogHandler {
    PostHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        var post = requested();
        var path = pathOf(post);
        if (request().path().equals(path)) {
            show(post, CommentForm.EMPTY, new Problems(locale()));
        } else {
            redirect(path, 301); // the title has changed, or somebody has cut the URL short
        }
    }

    @Override
    @Authenticated
    protected void post() {
        var post = requested();
        var form = form(CommentForm.class);
        var problems = form.problems(locale());
        if (problems.isEmpty()) {
            long id =
                    posts().addComment(post, author(), form.text())
                            .orElseThrow(() -> new HttpError(404));
            redirect(pathOf(post) + "#comment-" + id, 303);
        } else {
            setStatus(422);
            show(post, form, problems);
        }
    }

    private void show(Post post, CommentForm form, Problems problems) {
        var comments = posts().comments(post);
        render(
                "post.html",
                Map.of("post", post, "comments", comments, "form", form, "problems", problems));
    }

    private String pathOf(Post post) {
        return reverseUrl("post", post.id(), post.slug());
    }
}
