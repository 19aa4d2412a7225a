package whirlwind.benchmarks.peer;

import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/** {@link Orders} as an application of ours. */
public final class WhirlwindOrders {
    private WhirlwindOrders() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        application().listen("127.0.0.1", Integer.parseInt(args[0]));
        IOLoop.current().start();
    }

    /** The application, on no port yet. */
    public static Application application() {
        var application = new Application();
        for (var path : Orders.OTHERS) {
            application.route(path, OtherHandler::new);
        }
        return application.route("/json", JsonHandler::new).route("/orders", OrderHandler::new);
    }

    private static final class JsonHandler extends RequestHandler {
        @Override
        protected void get() {
            writeJson(new Orders.Greeting());
            setHeader("Content-Type", Orders.JSON);
        }

        /** No other framework computes one by itself. */
        @Override
        protected @Nullable String computeEtag(byte[] body) {
            return null;
        }
    }

    private static final class OrderHandler extends RequestHandler {
        @Override
        protected void post() {
            writeJson(body(Orders.Order.class).receipt());
            setHeader("Content-Type", Orders.JSON);
        }
    }

    private static final class OtherHandler extends RequestHandler {
        @Override
        protected void get() {
            setHeader("Content-Type", Orders.TEXT);
            write(request().path());
        }
    }
}
