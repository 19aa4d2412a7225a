package whirlwind.benchmarks.peer;

import java.util.List;

/**
 * The service that the frameworks under comparison offer, each in its own way, with ten routes:
 * {@code GET /json} greets, {@code POST /orders} takes an {@link Order} and answers with a {@link
 * Receipt}, and eight more only have to be there. All JSON is of records, by Jackson.
 */
public final class Orders {
    /** What is ordered by the load, as JSON. */
    public static final String EXAMPLE = "{\"item\":\"teapot\",\"quantity\":3,\"cents\":1495}";

    static final String TEXT = "text/plain";
    static final String JSON = "application/json";

    /** The other routes, with the arguments in braces. */
    static final List<String> OTHERS =
            List.of(
                    "/",
                    "/about",
                    "/health",
                    "/search",
                    "/items",
                    "/items/{id}",
                    "/customers/{id}",
                    "/customers/{id}/orders");

    private Orders() {}

    record Greeting(String message) {
        Greeting() {
            this("Hello, World!");
        }
    }

    record Order(String item, int quantity, int cents) {
        Receipt receipt() {
            return new Receipt(item, quantity, (long) quantity * cents);
        }
    }

    record Receipt(String item, int quantity, long totalCents) {}
}
