package whirlwind.demos.blog;

import java.util.Map;

/** Lets authors in. */
final class SignInHandler extends BlogHandler {
    SignInHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        show(SignInForm.EMPTY, new Problems(locale()));
    }

    @Override
    protected void post() {
        var form = form(SignInForm.class);
        authors()
                .authenticate(form.name(), form.password())
                .ifPresentOrElse(
                        author -> {
                            signIn(author);
                            redirect(next(), 303);
                        },
                        () -> refuse(form));
    }

    private void refuse(SignInForm form) {
        setStatus(422);
        show(
                form,
                new Problems(locale()).add("password", "This is not the password of that name."));
    }

    private void show(SignInForm form, Problems problems) {
        render("sign-in.html", Map.of("form", form, "problems", problems, "next", next()));
    }
}
