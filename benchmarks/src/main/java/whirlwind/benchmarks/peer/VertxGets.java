package whirlwind.benchmarks.peer;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** Vert.x's client, on one loop as ours. */
final class VertxGets {
    private VertxGets() {}

    static void start(URI uri, int inFlight) {
        var vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        var client =
                vertx.createHttpClient(
                        new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(inFlight));
        var request =
                new RequestOptions()
                        .setHost(uri.getHost())
                        .setPort(uri.getPort())
                        .setURI(uri.getRawPath());
        vertx.runOnContext(nothing -> {
            for (int i = 0; i < inFlight; i++) {
                next(client, request, i);
            }
        });
    }

    private static void next(HttpClient client, RequestOptions options, int number) {
        client.request(options)
                .compose(request -> request.send())
                .compose(response ->
                        response.body()
                                .map(body ->
                                        Gets.done(number, response.statusCode(), body.length())))
                .otherwise(failure -> Gets.done(number, 0, 0))
                .onSuccess(more -> {
                    if (more) {
                        next(client, options, number);
                    }
                });
    }
}
