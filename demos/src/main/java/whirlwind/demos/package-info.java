/**
 * Runnable programs that show what Whirlwind is like to use. {@link whirlwind.demos.Demos} starts
 * one by its name; each has a package of its own below this one, to be read on its own, and {@code
 * Hello.java} in the unnamed package is the program that the README begins with.
 */
@NullMarked
package whirlwind.demos;

import org.jspecify.annotations.NullMarked;
