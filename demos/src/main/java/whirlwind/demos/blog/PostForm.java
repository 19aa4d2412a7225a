package whirlwind.demos.blog;

import whirlwind.web.locale.UserLocale;

/** A post as its author types it, in Markdown. */
public record PostForm(String title, String body) {
    /** For a new post. */
    static final PostForm EMPTY = new PostForm("", "");

    private static final int MAX_TITLE = 120;
    private static final int MAX_BODY = 50_000;

    /** Takes it as it is kept. */
    public PostForm {
        title = Input.line(title);
        body = Input.text(body);
    }

    Problems problems(UserLocale locale) {
        return new Problems(locale)
                .checkText("title", title, MAX_TITLE)
                .checkText("body", body, MAX_BODY);
    }
}
