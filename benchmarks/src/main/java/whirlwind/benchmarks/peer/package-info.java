/** Processes that the measurements start: servers to compare with, and load. */
@NullMarked
package whirlwind.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
