package whirlwind.demos.blog;

import java.util.Optional;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/**
 * A part of a long list, chosen by {@code ?page=2}.
 *
 * @param number which, from 1
 * @param last the number of the last one
 */
public record Page(int number, int last) {
    /** So many things are on one. */
    static final int SIZE = 10;

    /** What a query says of pages. */
    public record Query(Optional<Integer> page) {}

    /**
     * The page that a request asks for, of a list with so many things.
     *
     * @throws HttpError 400 if it asks for no number, 404 for one that isn't there
     */
    static Page of(RequestHandler handler, int things) {
        int number = handler.query(Query.class).page().orElse(1);
        int last = Math.max(1, Math.ceilDiv(things, SIZE));
        if (number < 1 || number > last) {
            throw new HttpError(404);
        }
        return new Page(number, last);
    }

    int offset() {
        return (number - 1) * SIZE;
    }
}
