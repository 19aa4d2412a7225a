/**
 * A crawler: ten coroutines take addresses from a queue, fetch them, and put the links they find
 * there back into it, until no address is left.
 */
@NullMarked
package whirlwind.demos.spider;

import org.jspecify.annotations.NullMarked;
