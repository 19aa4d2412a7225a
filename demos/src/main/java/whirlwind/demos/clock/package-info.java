/** The smallest stream of server-sent events, and a page that listens to it. */
@NullMarked
package whirlwind.demos.clock;

import org.jspecify.annotations.NullMarked;
