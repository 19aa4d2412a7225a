package whirlwind.demos.blog;

import whirlwind.web.HttpError;

/** Remembers the language that a reader has chosen. */
final class LanguageHandler extends BlogHandler {
    LanguageHandler(Blog blog) {
        super(blog);
    }

    /** By GET, for a link: whoever makes somebody follow it does no harm. */
    @Override
    protected void get() {
        var code = getPathArgument("code");
        if (!settings().locales().supported().contains(code)) {
            throw new HttpError(404);
        }
        setLanguage(code);
        redirect(next(), 303);
    }
}
