package whirlwind.demos.ticker;

import java.util.List;

/**
 * A price, as a page learns of it at first.
 *
 * @param symbol four letters
 * @param name of whom it is the price
 * @param open what it was when the day began
 * @param points what it was in the last seconds, one each
 */
record Quote(String symbol, String name, double open, double price, List<Double> points) {}
