/** What benchmarks ask a server for. */
@NullMarked
package whirlwind.demos.bench;

import org.jspecify.annotations.NullMarked;
