/** What parts of a web application cost by themselves, in nanoseconds, under JMH. */
@NullMarked
package whirlwind.benchmarks.web;

import org.jspecify.annotations.NullMarked;
