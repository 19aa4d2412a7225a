package whirlwind.http.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real proxy in front of a server, reached over a Unix-domain socket in a folder of its own. */
final class FrontProxy implements AutoCloseable {
    /** How long each of them waits for a request, at least. */
    static final Duration CLIENT_PATIENCE = Duration.ofMillis(300);

    private static final Duration PATIENCE = Duration.ofSeconds(TestServer.PATIENCE_SECONDS);

    private final Path folder;
    private final Process process;

    private FrontProxy(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Strict towards clients, as it is by default. */
    static FrontProxy haproxy(Path folder, int port) throws Exception {
        return haproxy(folder, port, "");
    }

    /** Hands on what it can make any sense of. */
    static FrontProxy lenientHaproxy(Path folder, int port) throws Exception {
        return haproxy(folder, port, "option accept-invalid-http-request");
    }

    private static FrontProxy haproxy(Path folder, int port, String option) throws Exception {
        var config =
                """
                defaults
                    mode http
                    timeout connect 5s
                    timeout server 5s
                    timeout client %2$dms
                    timeout http-request %2$dms
                    timeout http-keep-alive %2$dms
                frontend clients
                    bind unix@%1$s
                    %3$s
                    default_backend servers
                backend servers
                    http-reuse always
                    server server 127.0.0.1:%4$d
                """
                        .formatted(
                                folder.resolve("socket"), CLIENT_PATIENCE.toMillis(), option, port);
        var file = Files.writeString(folder.resolve("haproxy.cfg"), config);
        return start(folder, "haproxy", "-db", "-f", file.toString());
    }

    /** Hands on fields with names that it would drop by default. */
    static FrontProxy nginx(Path folder, int port) throws Exception {
        var config =
                """
                daemon off;
                master_process off;
                pid nginx.pid;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    client_header_timeout 1s;
                    client_body_timeout 1s;
                    lingering_close off;
                    ignore_invalid_headers off;
                    underscores_in_headers on;
                    upstream servers {
                        server 127.0.0.1:%d;
                        keepalive 4;
                    }
                    server {
                        listen unix:%s;
                        location / {
                            proxy_pass http://servers;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_request_buffering off;
                        }
                    }
                }
                """
                        .formatted(port, folder.resolve("socket"));
        var file = Files.writeString(folder.resolve("nginx.conf"), config);
        return start(folder, "nginx", "-p", folder + "/", "-e", "stderr", "-c", file.toString());
    }

    private static FrontProxy start(Path folder, String program, String... arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(find(program)));
        command.addAll(List.of(arguments));
        var log = folder.resolve("log").toFile();
        var process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
        var proxy = new FrontProxy(folder, process);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!proxy.accepts()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                proxy.close();
                throw new IOException(program + " doesn't run: " + Files.readString(log.toPath()));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return proxy;
    }

    /** Where administrators have it, whose folder is not on everybody's path. */
    private static String find(String program) {
        var path = Path.of("/usr/sbin", program);
        return Files.isExecutable(path) ? path.toString() : program;
    }

    private boolean accepts() {
        try (var channel = connect()) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("socket")));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
