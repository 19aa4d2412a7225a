package whirlwind.demos.blog;

import java.util.List;
import java.util.Map;
import whirlwind.web.UIModule;
import whirlwind.web.template.TemplateArguments;

/** {@code {% module PostList(posts, page, path) %}}: beginnings of posts, and ways to more. */
final class PostList extends UIModule {
    @Override
    protected String render(TemplateArguments arguments) {
        return renderString(
                "modules/post-list.html",
                Map.of(
                        "posts", arguments.get(0),
                        "page", arguments.get(1),
                        "path", arguments.get(2)));
    }

    @Override
    protected List<String> cssFiles() {
        return List.of("post-list.css");
    }
}
