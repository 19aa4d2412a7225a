package whirlwind.demos.ticker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A hundred invented prices that wander. It counts its changes, so that whoever remembers a count
 * can ask what has happened since. Confined to one thread.
 */
final class Market {
    private static final List<String> NAMES =
            List.of(
                    "Amber", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbour",
                    "Iris", "Juniper");
    private static final List<String> TRADES =
            List.of(
                    "Air", "Bank", "Cargo", "Design", "Energy", "Foods", "Glass", "Homes", "Ink",
                    "Jewels");

    /** How many seconds of its past a price has. */
    static final int REMEMBERED = 120;

    /** Of one change: a ten-thousandth or four, mostly. */
    private static final double DEVIATION = 0.0004;

    /** How far a change is on the way back to where the price began, so that none gets lost. */
    private static final double HOMESICK = 0.00002;

    private static final class Instrument {
        final String symbol;
        final String name;
        final double open;
        final Deque<Double> points = new ArrayDeque<>();
        double price;
        long changed; // the count when it last did

        Instrument(String name, String trade, double open) {
            this.symbol =
                    (name.substring(0, 3) + trade.charAt(0)).toUpperCase(java.util.Locale.ROOT);
            this.name = name + " " + trade;
            this.open = open;
            this.price = open;
        }

        double cents() {
            return Math.round(price * 100) / 100.0;
        }

        Quote quote() {
            return new Quote(symbol, name, open, cents(), List.copyOf(points));
        }
    }

    private final List<Instrument> instruments = new ArrayList<>();
    private final RandomGenerator random;
    private long count;

    /** A market that has been open for a while. */
    Market(RandomGenerator random) {
        this.random = random;
        for (var name : NAMES) {
            for (var trade : TRADES) {
                var open = Math.round(Math.exp(random.nextDouble(2.5, 6.5)) * 100) / 100.0;
                instruments.add(new Instrument(name, trade, open));
            }
        }
        for (int second = 0; second < REMEMBERED; second++) {
            change(50 * instruments.size());
            remember();
        }
    }

    /** How many times a price has changed. */
    long count() {
        return count;
    }

    /** Changes prices at random. */
    void change(int times) {
        for (int i = 0; i < times; i++) {
            var instrument = instruments.get(random.nextInt(instruments.size()));
            instrument.price *= Math.exp(random.nextGaussian() * DEVIATION);
            instrument.price += (instrument.open - instrument.price) * HOMESICK;
            instrument.changed = ++count;
        }
    }

    /** A second is over. */
    void remember() {
        for (var instrument : instruments) {
            instrument.points.add(instrument.cents());
            if (instrument.points.size() > REMEMBERED) {
                instrument.points.remove();
            }
        }
    }

    /** All prices. */
    List<Quote> board() {
        return instruments.stream().map(Instrument::quote).toList();
    }

    /** What has changed since the count was {@code seen}: each price once, however often it did. */
    Changes since(long seen) {
        var prices = new ArrayList<List<Number>>();
        for (int i = 0; i < instruments.size(); i++) {
            var instrument = instruments.get(i);
            if (instrument.changed > seen) {
                prices.add(List.of(i, instrument.cents()));
            }
        }
        return new Changes(count - seen, prices);
    }
}
