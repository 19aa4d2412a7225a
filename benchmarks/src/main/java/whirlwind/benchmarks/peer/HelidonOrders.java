package whirlwind.benchmarks.peer;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;

/** {@link Orders} on Helidon SE: a virtual thread of the JDK's own for each connection. */
public final class HelidonOrders {
    private static final int BACKLOG = 4096;
    private static final Header TEXT =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Orders.TEXT);
    private static final Header JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Orders.JSON);

    private HelidonOrders() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .backlog(BACKLOG)
                .routing(HelidonOrders::route)
                .build()
                .start();
    }

    private static void route(HttpRouting.Builder routes) {
        for (var path : Orders.OTHERS) {
            routes.get(
                    path, (request, response) -> response.header(TEXT).send(request.path().path()));
        }
        routes.get(
                        "/json",
                        (request, response) -> response.header(JSON).send(new Orders.Greeting()))
                .post(
                        "/orders",
                        (request, response) ->
                                response.header(JSON)
                                        .send(request.content().as(Orders.Order.class).receipt()));
    }
}
