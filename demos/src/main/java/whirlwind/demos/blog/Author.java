package whirlwind.demos.blog;

/** Somebody who has signed up. */
public record Author(long id, String name) {}
