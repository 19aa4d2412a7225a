package whirlwind.demos.blog;

import java.util.List;
import java.util.Map;
import whirlwind.web.UIModule;
import whirlwind.web.template.TemplateArguments;

/** {@code {% module Comments(comments) %}}: what was said, with a way to take one's own back. */
final class Comments extends UIModule {
    @Override
    protected String render(TemplateArguments arguments) {
        return renderString("modules/comments.html", Map.of("comments", arguments.get(0)));
    }

    @Override
    protected List<String> cssFiles() {
        return List.of("comments.css");
    }
}
