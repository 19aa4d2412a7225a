/** What the launcher adds to a program that it starts. */
@NullMarked
package whirlwind.launch;

import org.jspecify.annotations.NullMarked;
