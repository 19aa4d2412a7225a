package whirlwind.web;

import org.jspecify.annotations.Nullable;
import whirlwind.web.template.TemplateArguments;

/**
 * A function that the templates of an application may call; see {@link
 * ApplicationSettings#withUiMethod}.
 */
@FunctionalInterface
public interface UIMethod {
    /**
     * The value of a call, which is escaped unless it is a {@link
     * whirlwind.web.template.TemplateFunction.Raw}.
     *
     * @param handler whose page is rendered
     */
    @Nullable Object call(RequestHandler handler, TemplateArguments arguments) throws Exception;
}
