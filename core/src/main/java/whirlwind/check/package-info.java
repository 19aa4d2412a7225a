/**
 * What numbers and durations may be: {@link whirlwind.check.Check}, for all constructors and
 * methods that refuse some; and how messages say durations: {@link whirlwind.check.DurationText}.
 *
 * <p>Pure functions, on any thread. Below: nothing. Above: everything. Not exported: it is not for
 * users, who see what it says.
 */
@NullMarked
package whirlwind.check;

import org.jspecify.annotations.NullMarked;
