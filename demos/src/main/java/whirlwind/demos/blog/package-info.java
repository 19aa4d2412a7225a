/**
 * A blog for several authors: the demo to copy from when an application has pages, forms, users and
 * a database. Start at {@link whirlwind.demos.blog.Blog}, which has the routes and the settings.
 *
 * <p>From below: {@link whirlwind.demos.blog.Database} runs plain JDBC in coroutines, on H2 inside
 * the process or on PostgreSQL. {@code Authors} and {@code Posts} hold the SQL and give records.
 * {@code BlogHandler} knows the user and the language; its subclasses answer one kind of page each,
 * with a template under {@code templates}. Pieces that several pages have are UI modules. Forms are
 * records that say themselves what is wrong with them.
 *
 * <p>Nothing here needs a script in the browser, and the pages forbid any.
 *
 * <p>Everything runs on one loop, so nothing here needs a lock.
 */
@NullMarked
package whirlwind.demos.blog;

import org.jspecify.annotations.NullMarked;
