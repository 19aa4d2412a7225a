package whirlwind.http.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The servers of a loop that may have connections; they end with it. Confined to the loop. */
final class OpenServers implements AutoCloseable {
    private final Set<HttpServer> servers = new LinkedHashSet<>();

    void add(HttpServer server) {
        servers.add(server);
    }

    void remove(HttpServer server) {
        servers.remove(server);
    }

    @Override
    public void close() {
        List.copyOf(servers).forEach(HttpServer::close);
    }
}
