/** What the demos that run in a terminal share. */
@NullMarked
package whirlwind.demos.terminal;

import org.jspecify.annotations.NullMarked;
