package io.dovetail.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A hub as a child process, started as {@code ./hub run} starts it, on free ports. It is stopped with this process,
 * however that ends short of {@code kill -9}.
 */
public final class HubProcess implements AutoCloseable {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(40);

    private final Process process;
    private final Path data;
    private final Path log;
    private final Thread stopper = new Thread(this::stop, "stop the hub");

    private HubProcess(Process process, Path data, Path log) {
        this.process = process;
        this.data = data;
        this.log = log;
    }

    /** What {@code DATA/run.json} says. */
    public record Address(long pid, String url, int port, int managementPort, int amqpPort, Path secrets) {

        public String secret(String name) {
            return read(name);
        }

        /** What its owner signs with: the private key beside it, where there is one. */
        public String key(String name) {
            return Files.exists(secrets.resolve(name + ".private")) ? read(name + ".private") : read(name);
        }

        private String read(String name) {
            try {
                return Files.readString(secrets.resolve(name)).strip();
            } catch (IOException e) {
                throw new UncheckedIOException("The hub should have made the secret " + name, e);
            }
        }
    }

    /**
     * @param root where connectors/, routes/ and schemas/ are
     * @param data its own; not another hub's
     * @param environment more settings, such as {@code HUB_PORT}
     */
    public static HubProcess start(Path root, Path data, Map<String, String> environment) {
        return start(command(), root, data, environment);
    }

    static HubProcess start(List<String> command, Path root, Path data, Map<String, String> environment) {
        try {
            Files.createDirectories(data);
            Files.deleteIfExists(data.resolve("run.json"));
            var log = data.resolve("hub.log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            var variables = builder.environment();
            variables.keySet().removeIf(name -> name.startsWith("HUB_") && !name.equals("HUB_JAVA_OPTS"));
            variables.putAll(Map.of(
                    "HUB_PORT",
                    "0",
                    "HUB_MANAGEMENT_PORT",
                    "0",
                    "HUB_AMQP_PORT",
                    "0",
                    "HUB_ROOT",
                    root.toAbsolutePath().toString(),
                    "HUB_DATA",
                    data.toAbsolutePath().toString(),
                    "HUB_SECRETS",
                    data.toAbsolutePath().resolve("secrets").toString()));
            variables.putAll(environment);
            var hub = new HubProcess(builder.start(), data, log);
            Runtime.getRuntime().addShutdownHook(hub.stopper);
            return hub;
        } catch (IOException e) {
            throw new UncheckedIOException("The hub's process cannot be started", e);
        }
    }

    /** The launcher says how it starts a hub, a word a line; without it, one that starts soon will do. */
    private static List<String> command() {
        var given = System.getenv("HUB_RUN_COMMAND");
        if (given != null && !given.isBlank()) {
            // where it is and what it keeps are its own
            return given.lines()
                    .filter(word -> !word.isEmpty() && !word.startsWith("-Dhub."))
                    .toList();
        }
        return Program.get().command(List.of());
    }

    /** Waits until it takes deliveries. */
    public Address ready() throws InterruptedException {
        var file = data.resolve("run.json");
        var deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (!Files.exists(file)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("The hub %s. Its output (%s) ends with:%n%s"
                        .formatted(
                                process.isAlive() ? "does not get ready" : "ended with status " + process.exitValue(),
                                log,
                                tail()));
            }
            Thread.sleep(10);
        }
        try {
            var run = new ObjectMapper().readTree(file.toFile());
            return new Address(
                    run.get("pid").asLong(),
                    run.get("url").asText(),
                    run.get("port").asInt(),
                    run.get("managementPort").asInt(),
                    run.get("amqpPort").asInt(),
                    Path.of(run.get("secrets").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path log() {
        return log;
    }

    /** The last lines it wrote. */
    public String tail() {
        try {
            var lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and waits for that. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(stopper);
        } catch (IllegalStateException e) {
            // this process is ending itself: the hook has done it or is about to
        }
    }
}
