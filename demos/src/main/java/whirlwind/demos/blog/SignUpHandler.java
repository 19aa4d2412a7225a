package whirlwind.demos.blog;

import java.util.Map;

/** Makes authors. */
final class SignUpHandler extends BlogHandler {
    SignUpHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        show(SignUpForm.EMPTY, new Problems(locale()));
    }

    @Override
    protected void post() {
        var form = form(SignUpForm.class);
        var problems = form.problems(locale());
        if (problems.isEmpty()) {
            authors()
                    .add(form.name(), form.password())
                    .ifPresentOrElse(
                            this::signIn, () -> problems.add("name", "This name is taken."));
        }
        if (problems.isEmpty()) {
            redirect(next(), 303);
        } else {
            setStatus(422);
            show(form, problems);
        }
    }

    private void show(SignUpForm form, Problems problems) {
        render("sign-up.html", Map.of("form", form, "problems", problems, "next", next()));
    }
}
