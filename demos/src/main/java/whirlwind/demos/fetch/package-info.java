/**
 * One function that fetches a URL, written in each style that an asynchronous interface can have.
 */
@NullMarked
package whirlwind.demos.fetch;

import org.jspecify.annotations.NullMarked;
