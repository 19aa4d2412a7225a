package whirlwind.demos.blog;

import java.time.Instant;

/** What an author says to a post: plain text. */
public record Comment(long id, long postId, Author author, String text, Instant written) {}
