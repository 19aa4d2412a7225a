/**
 * What Jackson works in, kept from one value to the next. Jackson's own pool is a queue, which
 * allocates for each value and takes as long as a small one needs to be read.
 */
@NullMarked
package whirlwind.escape.pool;

import org.jspecify.annotations.NullMarked;
