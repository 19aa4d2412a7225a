package whirlwind.web.template;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that templates may call: given to them as {@code greet}, it is used as {@code {{
 * greet("Ada") }}}. What it returns is escaped as any value, unless it is {@link Raw}.
 */
@FunctionalInterface
public interface TemplateFunction {
    /**
     * The value of a call. Whatever it throws is reported with the template's line.
     *
     * @param arguments as the template has them
     */
    @Nullable Object call(TemplateArguments arguments) throws Exception;

    /** Text that is HTML already and is not escaped again. */
    record Raw(String html) {
        @Override
        public String toString() {
            return html;
        }
    }

    /**
     * Functions by their names, such as UI modules: given as {@code modules}, they are used as
     * {@code {{ modules.Entry(x) }}}, and by the tag {@code {% module Entry(x) %}}.
     */
    @FunctionalInterface
    interface Group {
        /** The function of that name, if there is one. */
        Optional<TemplateFunction> find(String name);
    }
}
