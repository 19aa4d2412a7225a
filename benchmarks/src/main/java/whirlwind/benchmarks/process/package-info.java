/**
 * Costs of whole server processes, from outside: CPU time, system calls, heap and resident memory.
 */
@NullMarked
package whirlwind.benchmarks.process;

import org.jspecify.annotations.NullMarked;
