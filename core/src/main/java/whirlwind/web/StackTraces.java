package whirlwind.web;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Stack traces as text, for the error page of a developer. */
final class StackTraces {
    private StackTraces() {}

    static String text(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
