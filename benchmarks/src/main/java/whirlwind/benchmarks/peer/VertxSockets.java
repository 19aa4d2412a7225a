package whirlwind.benchmarks.peer;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/** The WebSockets of the bench demo on Vert.x: one loop, the native transport. */
public final class VertxSockets {
    private static final int BACKLOG = 4096;

    private VertxSockets() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        var vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        var members = new LinkedHashSet<ServerWebSocket>();
        vertx.createHttpServer(
                        new HttpServerOptions()
                                .setHost("127.0.0.1")
                                .setPort(Integer.parseInt(args[0]))
                                .setAcceptBacklog(BACKLOG))
                .webSocketHandler(socket -> accept(socket, members))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static void accept(ServerWebSocket socket, Set<ServerWebSocket> members) {
        if (socket.path().equals("/room")) {
            members.add(socket);
            socket.closeHandler(_ -> members.remove(socket));
            socket.textMessageHandler(
                    text -> members.forEach(member -> member.writeTextMessage(text)));
        } else {
            socket.textMessageHandler(socket::writeTextMessage);
            socket.binaryMessageHandler(socket::writeBinaryMessage);
        }
    }
}
