package whirlwind.demos.blog;

import whirlwind.web.HttpError;

/** Answers what no route wants. */
final class NotFoundHandler extends BlogHandler {
    NotFoundHandler(Blog blog) {
        super(blog);
    }

    /** Before anything else, for there is nothing here to protect. */
    @Override
    protected void checkXsrfCookie() {}

    @Override
    protected void prepare() {
        throw new HttpError(404);
    }
}
