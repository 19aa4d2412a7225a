/**
 * What things cost.
 *
 * <p>Start at {@link whirlwind.benchmarks.Benchmarks}, which lists the benchmarks. {@code micro}
 * has the ones that run inside one JVM under JMH; {@code process} drives servers as whole processes
 * and reads their cost from the kernel; {@code peer} has the servers to compare with and the
 * processes that put load on them. What each figure means is in {@code benchmarks/README.md}.
 */
@NullMarked
package whirlwind.benchmarks;

import org.jspecify.annotations.NullMarked;
