package whirlwind.demos.blog;

import java.util.LinkedHashMap;
import java.util.Map;
import whirlwind.web.locale.UserLocale;

/**
 * What is wrong with a form, one sentence for each field, in the reader's language; for the page
 * that shows the form again.
 */
public final class Problems {
    private final UserLocale locale;
    private final Map<String, String> byField = new LinkedHashMap<>();

    Problems(UserLocale locale) {
        this.locale = locale;
    }

    /** Reports a field, unless it has been; {@code numbers} go into the translated message. */
    Problems add(String field, String message, Object... numbers) {
        byField.putIfAbsent(field, locale.translate(message).formatted(numbers));
        return this;
    }

    /** Checks that a text shows something and is not longer than so many characters. */
    Problems checkText(String field, String text, int most) {
        if (!Input.shows(text)) {
            return add(field, "Please fill this in.");
        }
        int length = text.codePointCount(0, text.length());
        return length <= most ? this : add(field, "%d characters (at most %d).", length, most);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return byField.isEmpty();
    }

    /** What is wrong with a field; empty for nothing. */
    public String of(String field) {
        return byField.getOrDefault(field, "");
    }
}
