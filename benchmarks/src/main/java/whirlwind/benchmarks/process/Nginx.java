package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx with one worker, and all that it writes in a folder of its own. */
final class Nginx {
    private static final String CONFIGURATION =
            """
            daemon off;
            worker_processes 1;
            pid %1$s/nginx.pid;
            error_log stderr crit;
            events { worker_connections 10000; }
            http {
                access_log off;
                keepalive_requests 1000000000;
                keepalive_timeout 600s;
                client_max_body_size 0;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                server {
                    listen 127.0.0.1:PORT backlog=65535;
                    %2$s
                }
            }
            """;

    private Nginx() {}

    static boolean isInstalled() {
        return Children.find("nginx") != null;
    }

    /** With what it serves, in its own words, and a folder that it may write to. */
    static Servers.Server serving(String locations, Path folder) throws IOException {
        var nginx = Children.program("nginx");
        var written = folder.resolve("nginx.conf");
        Files.writeString(written, CONFIGURATION.formatted(folder, locations));
        // The port is known when the server is started, and put into a copy of the file then.
        var script = "sed s/PORT/{port}/ %1$s > %1$s.used; exec %2$s -p %3$s -c %1$s.used";
        return new Servers.Server(
                "nginx", List.of("sh", "-c", script.formatted(written, nginx, folder)));
    }
}
