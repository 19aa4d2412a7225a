/** Costs inside one JVM, measured by JMH: coroutines and timers of a loop, on both engines. */
@NullMarked
package whirlwind.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
