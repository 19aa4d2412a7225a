package whirlwind.demos.blog;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import whirlwind.web.locale.UserLocale;

/** What somebody types who wants to write. */
public record SignUpForm(String name, String password) {
    static final SignUpForm EMPTY = new SignUpForm("", "");

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_.-]*");
    private static final int MAX_NAME = 30;
    private static final int MIN_PASSWORD = 10;

    /** What bcrypt looks at; it would ignore the rest. */
    private static final int MAX_PASSWORD_BYTES = 72;

    /** Takes the name as it is kept, and the password as it was typed. */
    public SignUpForm {
        name = Input.line(name);
    }

    Problems problems(UserLocale locale) {
        var problems = new Problems(locale).checkText("name", name, MAX_NAME);
        if (!NAME.matcher(name).matches()) {
            problems.add("name", "Only letters, digits, and . _ - after the first one.");
        }
        if (password.length() < MIN_PASSWORD) {
            problems.add("password", "At least %d characters.", MIN_PASSWORD);
        }
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PASSWORD_BYTES) {
            problems.add("password", "%d bytes (at most %d).", bytes, MAX_PASSWORD_BYTES);
        }
        return problems;
    }

    /** The record's own would show the password. */
    @Override
    public String toString() {
        return "SignUpForm[" + name + "]";
    }
}
