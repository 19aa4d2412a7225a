/**
 * A board of a hundred prices that change thousands of times a second. Each page gets them at its
 * own pace: the server sends what has changed since the last message that the page has drawn, and
 * of each price only the latest. So a slow page costs no memory, and shows nothing that is old.
 *
 * <p>{@link whirlwind.demos.ticker.Market} knows nothing of pages, {@link
 * whirlwind.demos.ticker.Ticker} feeds them over the hub's requests: their answers are the pace.
 * Everything runs on one loop.
 */
@NullMarked
package whirlwind.demos.ticker;

import org.jspecify.annotations.NullMarked;
