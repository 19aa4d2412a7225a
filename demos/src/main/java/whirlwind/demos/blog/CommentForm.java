package whirlwind.demos.blog;

import whirlwind.web.locale.UserLocale;

/** A comment as it is typed. */
public record CommentForm(String text) {
    static final CommentForm EMPTY = new CommentForm("");

    private static final int MAX_TEXT = 4000;

    /** Takes it as it is kept. */
    public CommentForm {
        text = Input.text(text).strip();
    }

    Problems problems(UserLocale locale) {
        return new Problems(locale).checkText("text", text, MAX_TEXT);
    }
}
