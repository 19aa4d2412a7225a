/**
 * What Jackson works in, kept from one value to the next. Jackson's own pool is a queue, whose
 * nodes and atomic operations are a good part of what reading a small value costs.
 */
@NullMarked
package whirlwind.escape.pool;

import org.jspecify.annotations.NullMarked;
