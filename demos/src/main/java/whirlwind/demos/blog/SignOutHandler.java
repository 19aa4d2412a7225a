package whirlwind.demos.blog;

/** Lets authors go. */
final class SignOutHandler extends BlogHandler {
    SignOutHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void post() {
        signOut();
        redirect(reverseUrl("home"), 303);
    }
}
