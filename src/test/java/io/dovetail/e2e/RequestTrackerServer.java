package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/** A real Request Tracker, of Debian's packages, with a database and settings of its own below target/. */
final class RequestTrackerServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/share/request-tracker5/libexec/rt-server");
    private static final List<String> PACKAGES =
            List.of("request-tracker5", "rt5-db-sqlite", "rt5-standalone", "dbconfig-sqlite3");
    private static final Duration START = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path directory;
    private final Process process;
    private final int port;

    private RequestTrackerServer(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    /** @param mayInstall whether packages that are missing are installed, which takes root and a minute */
    static RequestTrackerServer start(boolean mayInstall) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM) && mayInstall) {
            install();
        }
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM),
                "Request Tracker is not here: apt-get install --no-install-recommends " + String.join(" ", PACKAGES)
                        + ", or as root with -Drequest-tracker=install");
        var directory = Path.of("target/request-tracker").toAbsolutePath();
        FileSystemUtils.deleteRecursively(directory);
        Files.createDirectories(directory.resolve("empty"));
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(directory.resolve("RT_SiteConfig.pm"), """
                Set($rtname, 'rt.example.com');
                Set($Organization, 'example.com');
                Set($WebDomain, '127.0.0.1');
                Set($WebPort, %d);
                Set($WebPath, '');
                Set($DatabaseType, 'SQLite');
                Set($DatabaseName, '%s');
                Set($MailCommand, 'testfile');
                Set($LogToSyslog, undef);
                Set($LogToSTDERR, 'warning');
                1;
                """.formatted(port, directory.resolve("rt.db")));
        run(directory, START, "rt-setup-database-5", "--action", "init", "--skip-create");
        var process = builder(directory, PROGRAM.toString(), "--port", "" + port, "--host", "127.0.0.1")
                .start();
        var server = new RequestTrackerServer(directory, process, port);
        await("Request Tracker (target/request-tracker/log)").atMost(START).until(server::isUp);
        return server;
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(Path.of("target/request-tracker"));
        run(Path.of("target/request-tracker"), Duration.ofMinutes(2), "apt-get", "update", "-qq");
        var command = new ArrayList<>(List.of("apt-get", "install", "-y", "-qq", "--no-install-recommends"));
        command.addAll(PACKAGES);
        run(Path.of("target/request-tracker"), Duration.ofMinutes(10), command.toArray(String[]::new));
    }

    private static ProcessBuilder builder(Path directory, String... command) {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "RT_SITE_CONFIG",
                        directory.resolve("RT_SiteConfig.pm").toString(),
                        "RT_SITE_CONFIG_DIR",
                        directory.resolve("empty").toString(),
                        "DEBIAN_FRONTEND",
                        "noninteractive"));
        return builder;
    }

    private static void run(Path directory, Duration most, String... command) throws IOException, InterruptedException {
        var process = builder(directory, command).start();
        var isOver = process.waitFor(most.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(isOver && process.exitValue() == 0)
                .as("%s, see %s/log", command[0], directory)
                .isTrue();
    }

    /** By {@code request-tracker.pl}. */
    RequestTrackerServer does(String... arguments) throws IOException, InterruptedException {
        var script = directory.resolve("request-tracker.pl");
        try (var text = RequestTrackerServer.class.getResourceAsStream("request-tracker.pl")) {
            Files.write(script, text.readAllBytes());
        }
        var command = new ArrayList<>(List.of("perl", script.toString()));
        command.addAll(List.of(arguments));
        run(directory, START, command.toArray(String[]::new));
        return this;
    }

    private boolean isUp() throws InterruptedException {
        assertThat(process.isAlive()).as("see target/request-tracker/log").isTrue();
        try {
            return as("root", "password", "GET", "rt", "").path("Version").isTextual();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    /** Somebody does something, and is answered. */
    JsonNode as(String user, String method, String place, String json) throws InterruptedException {
        return as(user, user + "-pw1", method, place, json);
    }

    private JsonNode as(String user, String password, String method, String place, String json)
            throws InterruptedException {
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + host() + "/REST/2.0/" + place))
                            .header("Authorization", Signed.basic(user + ":" + password))
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(json))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(place + " " + answer.body()).isBetween(200, 299);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        var all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
