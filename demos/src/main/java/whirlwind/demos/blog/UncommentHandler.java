package whirlwind.demos.blog;

import whirlwind.web.Authenticated;
import whirlwind.web.HttpError;

/** Deletes a comment, for who wrote it. */
@Authenticated
final class UncommentHandler extends BlogHandler {
    UncommentHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void post() {
        var comment =
                posts().comment(getPathArgument("id", Long.class))
                        .orElseThrow(() -> new HttpError(404));
        checkIsOf(comment.author());
        posts().remove(comment);
        redirect(reverseUrl("short", comment.postId()), 303);
    }
}
