package io.dovetail.hostile;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real server in front of the hub, of Debian's packages, with settings, logs and a port of its own. It passes on by
 * HTTP/1.1 over few connections that are kept, and gives each request that it reads an id of its own.
 */
final class Front implements AutoCloseable {

    /** The id that it gave, and that what it did not read as a request cannot have. */
    static final String ID = "X-Front-Request";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Whose it is, and how strictly it reads. */
    enum Kind {
        NGINX("nginx", "nginx-light"),
        /** Passes on each body as it comes, and headers that are none. */
        LAX_NGINX("nginx", "nginx-light"),
        HAPROXY("haproxy", "haproxy"),
        LAX_HAPROXY("haproxy", "haproxy");

        private final String program;
        private final String debian;

        Kind(String program, String debian) {
            this.program = program;
            this.debian = debian;
        }

        private boolean isLax() {
            return this == LAX_NGINX || this == LAX_HAPROXY;
        }

        private boolean isNginx() {
            return this == NGINX || this == LAX_NGINX;
        }

        private Path found() {
            // where Debian has it, and where only root looks
            var path = Objects.requireNonNullElse(System.getenv("PATH"), "") + ":/usr/sbin";
            var found = Stream.of(path.split(":"))
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst();
            Assumptions.assumeTrue(
                    found.isPresent(),
                    program + " is not here: apt-get install --no-install-recommends " + debian
                            + ", and stop the service that this starts");
            return found.orElseThrow();
        }
    }

    private final Kind kind;
    private final Process process;
    private final int port;
    private final AccessLog log;

    private Front(Kind kind, Process process, int port, AccessLog log) {
        this.kind = kind;
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** @param hub the port that it stands before */
    static Front start(Kind kind, Path directory, int hub) throws IOException {
        var program = kind.found().toString();
        Files.createDirectories(directory);
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var settings = directory.resolve("settings").toString();
        Files.writeString(
                Path.of(settings), kind.isNginx() ? nginx(kind, directory, port, hub) : haproxy(kind, port, hub));
        var command = kind.isNginx()
                ? List.of(program, "-e", "stderr", "-p", directory.toString(), "-c", settings)
                : List.of(program, "-db", "-f", settings);
        var access = directory.resolve("access");
        var said = directory.resolve("said").toFile();
        var process = new ProcessBuilder(command)
                .redirectError(said)
                // haproxy's log is what it says there
                .redirectOutput(kind.isNginx() ? said : access.toFile())
                .start();
        var front = new Front(kind, process, port, new AccessLog(access));
        try {
            await(kind + " (" + said + ")").atMost(PATIENCE).until(front::isUp);
            if (!kind.isNginx()) {
                // it has a line for who tried whether it is up, too
                await(kind + " (" + access + ")")
                        .atMost(PATIENCE)
                        .until(() -> !front.read().isEmpty());
            }
        } catch (RuntimeException e) {
            front.close();
            throw e;
        }
        return front;
    }

    private static String nginx(Kind kind, Path directory, int port, int hub) {
        return """
                daemon off;
                # one process, of whoever runs the test
                master_process off;
                pid %1$s/pid;
                events { worker_connections 256; }
                http {
                    log_format seen '$request_id $upstream_bytes_sent $status "$request"';
                    access_log %1$s/access seen;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    client_header_timeout 5s;
                    client_body_timeout 5s;
                    keepalive_timeout 5s;
                    # what is large is for the hub to refuse
                    client_max_body_size 0;
                    %4$s
                    upstream hub { server 127.0.0.1:%3$d; keepalive 1; }
                    server {
                        listen 127.0.0.1:%2$d;
                        location / {
                            proxy_pass http://hub;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $http_host;
                            proxy_set_header X-Front-Request $request_id;
                            # a request is passed on once, also for somebody who says that he will send no more
                            proxy_next_upstream off;
                            proxy_ignore_client_abort on;
                        }
                    }
                }
                """.formatted(
                        directory,
                        port,
                        hub,
                        kind.isLax()
                                ? "proxy_request_buffering off; ignore_invalid_headers off; underscores_in_headers on;"
                                : "");
    }

    private static String haproxy(Kind kind, int port, int hub) {
        return """
                global
                    log stdout len 8192 format raw local0
                    nbthread 1
                    maxconn 256
                defaults
                    mode http
                    log global
                    log-format "%%ID %%s %%ST %%ts %%{+Q}r"
                    unique-id-format %%[uuid()]
                    timeout connect 5s
                    timeout client 5s
                    timeout http-request 5s
                    timeout http-keep-alive 5s
                    timeout server 30s
                frontend front
                    bind 127.0.0.1:%d
                    %s
                    http-request set-header X-Front-Request %%[unique-id]
                    default_backend hub
                backend hub
                    http-reuse always
                    server hub 127.0.0.1:%d
                """.formatted(port, kind.isLax() ? "option accept-invalid-http-request" : "", hub);
    }

    private boolean isUp() {
        if (!process.isAlive()) {
            throw new IllegalStateException(kind + " has ended with status " + process.exitValue());
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Every request that it has read, whatever became of it. */
    List<AccessLog.Line> read() {
        return log.lines();
    }

    /** Those of them of which the hub was sent something. */
    List<AccessLog.Line> passedOn() {
        // bytes that were sent to the hub, or the name of the server that was chosen
        return read().stream()
                .filter(line -> !List.of("-", "0", "<NOSRV>").contains(line.state()))
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
