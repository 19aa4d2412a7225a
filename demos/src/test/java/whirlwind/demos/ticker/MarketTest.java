package whirlwind.demos.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MarketTest {
    private final Market market = new Market(new Random(7));

    @Test
    void aHundredPricesHaveNamesOfTheirOwnAndAPast() {
        var board = market.board();
        assertThat(board).hasSize(100);
        assertThat(board).extracting(Quote::symbol).doesNotHaveDuplicates();
        assertThat(board).allMatch(quote -> quote.points().size() == Market.REMEMBERED);
        assertThat(board).allMatch(quote -> quote.price() > 0);
    }

    @Test
    void eachPriceIsToldOnceHoweverOftenItChanged() {
        long seen = market.count();
        market.change(1000);
        var changes = market.since(seen);
        assertThat(changes.changes()).isEqualTo(1000);
        assertThat(changes.prices()).hasSizeLessThanOrEqualTo(100);
        assertThat(changes.prices()).extracting(price -> price.getFirst()).doesNotHaveDuplicates();
        var board = market.board();
        assertThat(changes.prices())
                .allSatisfy(price ->
                        assertThat(price.get(1))
                                .isEqualTo(board.get(price.getFirst().intValue()).price()));
        assertThat(market.since(market.count()).prices()).isEmpty();
    }
}
