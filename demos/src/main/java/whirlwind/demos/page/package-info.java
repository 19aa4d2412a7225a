/** The pages of the demos, which are packed with the program. */
@NullMarked
package whirlwind.demos.page;

import org.jspecify.annotations.NullMarked;
