/** Lines of text over TCP that come back: the smallest server and client below HTTP. */
@NullMarked
package whirlwind.demos.echo;

import org.jspecify.annotations.NullMarked;
