package whirlwind.demos.ticker;

import java.util.List;

/**
 * What is different from some moment on.
 *
 * @param changes how many times a price has changed
 * @param prices for each price that has, its number and what it is now
 */
record Changes(long changes, List<List<Number>> prices) {}
