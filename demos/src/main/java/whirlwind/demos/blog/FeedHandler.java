package whirlwind.demos.blog;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/** The newest posts as a feed: Atom, RFC 4287. */
final class FeedHandler extends BlogHandler {
    FeedHandler(Blog blog) {
        super(blog);
    }

    @Override
    protected void get() {
        var posts = posts().newest(0, Page.SIZE);
        var updated =
                posts.stream()
                        .map(Post::updated)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH);
        setHeader("Content-Type", "application/atom+xml; charset=UTF-8");
        var site = request().protocol() + "://" + request().host();
        render("feed.xml", Map.of("posts", posts, "updated", updated, "site", site));
    }
}
