package whirlwind.demos.blog;

import java.text.Normalizer;
import java.util.regex.Pattern;
import whirlwind.demos.visitor.Names;
import whirlwind.web.locale.UserLocale;

/** What somebody types who wants to write. */
public record SignUpForm(String name, String password) {
    static final SignUpForm EMPTY = new SignUpForm("", "");

    /** Nothing that can't be seen, or one could be called as another is. */
    private static final Pattern NAME =
            Pattern.compile(
                    "[\\p{L}\\p{N}&&[^%1$s]][[\\p{L}\\p{M}\\p{N}_.-]&&[^%1$s]]*"
                            .formatted(Names.UNSEEN));

    private static final int MAX_NAME = 30;
    private static final int MIN_PASSWORD = 10;

    /** Takes the name as it is kept, in plain letters, and the password as it was typed. */
    public SignUpForm {
        name = Normalizer.normalize(Input.line(name), Normalizer.Form.NFKC);
    }

    Problems problems(UserLocale locale) {
        var problems = new Problems(locale).checkText("name", name, MAX_NAME);
        if (!NAME.matcher(name).matches()) {
            problems.add("name", "Only letters, digits, and . _ - after the first one.");
        }
        if (password.length() < MIN_PASSWORD) {
            problems.add("password", "At least %d characters.", MIN_PASSWORD);
        }
        int bytes = Authors.bytesOf(password);
        if (bytes > Authors.MAX_PASSWORD_BYTES) {
            problems.add("password", "%d bytes (at most %d).", bytes, Authors.MAX_PASSWORD_BYTES);
        }
        return problems;
    }

    /** The record's own would show the password. */
    @Override
    public String toString() {
        return "SignUpForm[" + name + "]";
    }
}
