package whirlwind.demos.blog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/** The posts and what was said to them. */
final class Posts {
    private static final String SELECT =
            """
            select p.id, p.author_id, a.name, p.title, p.excerpt, p.html, p.written, p.edited,
                (select count(*) from comments c where c.post_id = p.id) as comments
            from posts p join authors a on a.id = p.author_id
            """;

    private static final String SELECT_COMMENT =
            """
            select c.id, c.post_id, c.author_id, a.name, c.content, c.written
            from comments c join authors a on a.id = c.author_id
            """;

    /** So many comments of a post are shown. */
    private static final int MAX_COMMENTS = 500;

    private final Database database;

    Posts(Database database) {
        this.database = database;
    }

    /** Some of all posts, the newest first. */
    List<Post> newest(int offset, int count) {
        return database.list(
                SELECT + " order by p.id desc limit ? offset ?", Posts::post, count, offset);
    }

    /** The same of one author. */
    List<Post> newestOf(Author author, int offset, int count) {
        return database.list(
                SELECT + " where p.author_id = ? order by p.id desc limit ? offset ?",
                Posts::post,
                author.id(),
                count,
                offset);
    }

    int count() {
        return database.find("select count(*) from posts", row -> row.getInt(1)).orElseThrow();
    }

    int countOf(Author author) {
        return database.find(
                        "select count(*) from posts where author_id = ?",
                        row -> row.getInt(1),
                        author.id())
                .orElseThrow();
    }

    Optional<Post> find(long id) {
        return database.find(SELECT + " where p.id = ?", Posts::post, id);
    }

    /** What the author has typed. */
    String markdown(Post post) {
        return database.find(
                        "select markdown from posts where id = ?",
                        row -> row.getString("markdown"),
                        post.id())
                .orElse("");
    }

    /** Publishes a post; returns its id. */
    long add(Author author, PostForm form) {
        var text = rendered(form);
        return database.insert(
                "insert into posts (author_id, title, markdown, html, excerpt, written)"
                        + " values (?, ?, ?, ?, ?, ?)",
                author.id(),
                form.title(),
                form.body(),
                text.html(),
                text.excerpt(),
                IOLoop.current().time());
    }

    void change(Post post, PostForm form) {
        var text = rendered(form);
        database.update(
                "update posts set title = ?, markdown = ?, html = ?, excerpt = ?, edited = ?"
                        + " where id = ?",
                form.title(),
                form.body(),
                text.html(),
                text.excerpt(),
                IOLoop.current().time(),
                post.id());
    }

    /** Once, when it is written, and off the loop: reading costs nothing then. */
    private static Markdown rendered(PostForm form) {
        return Async.await(Async.offload(() -> Markdown.of(form.body())));
    }

    /** Removes a post and what was said to it. */
    void remove(Post post) {
        database.update("delete from posts where id = ?", post.id());
    }

    /** The comments of a post, the oldest first. */
    List<Comment> comments(Post post) {
        return database.list(
                SELECT_COMMENT + " where c.post_id = ? order by c.id limit ?",
                Posts::comment,
                post.id(),
                MAX_COMMENTS);
    }

    Optional<Comment> comment(long id) {
        return database.find(SELECT_COMMENT + " where c.id = ?", Posts::comment, id);
    }

    /** Adds a comment; returns its id, or nothing if the post has been deleted meanwhile. */
    Optional<Long> addComment(Post post, Author author, String text) {
        try {
            return Optional.of(
                    database.insert(
                            "insert into comments (post_id, author_id, content, written)"
                                    + " values (?, ?, ?, ?)",
                            post.id(),
                            author.id(),
                            text,
                            IOLoop.current().time()));
        } catch (DatabaseException e) {
            if (e.isOrphan()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void remove(Comment comment) {
        database.update("delete from comments where id = ?", comment.id());
    }

    private static Post post(ResultSet row) throws SQLException {
        return new Post(
                row.getLong("id"),
                author(row),
                row.getString("title"),
                row.getString("excerpt"),
                row.getString("html"),
                Objects.requireNonNull(Database.time(row, "written")),
                Database.time(row, "edited"),
                row.getInt("comments"));
    }

    private static Comment comment(ResultSet row) throws SQLException {
        return new Comment(
                row.getLong("id"),
                row.getLong("post_id"),
                author(row),
                row.getString("content"),
                Objects.requireNonNull(Database.time(row, "written")));
    }

    private static Author author(ResultSet row) throws SQLException {
        return new Author(row.getLong("author_id"), row.getString("name"));
    }
}
