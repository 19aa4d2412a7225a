/** The program behind {@code ./whirlwind fetch}. */
@NullMarked
package whirlwind.fetch;

import org.jspecify.annotations.NullMarked;
