package io.dovetail.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A real Kafka, broker and controller in one, in a JVM of its own on this one's class path; it may be killed and started again. */
public final class KafkaServer implements AutoCloseable {

    /** Who may do everything where users are asked who they are; one of them has to be called so. */
    public static final String ADMIN = "admin";

    private static final String READY = "Kafka is ready";
    private static final String USERS = "KAFKA_USERS";

    private final Path directory;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> users;
    private Process process;

    private KafkaServer(Path directory, int port, int controllerPort, Map<String, String> users) {
        this.directory = directory;
        this.port = port;
        this.controllerPort = controllerPort;
        this.users = users;
    }

    /** On free ports, open to everybody; returns when it answers. */
    public static KafkaServer start(Path directory) {
        return start(directory, Map.of());
    }

    /**
     * One that asks who somebody is, and lets nobody but {@link #ADMIN} do what it has not been told to allow.
     *
     * @param users with their passwords; none: it is open to everybody
     */
    public static KafkaServer start(Path directory, Map<String, String> users) {
        try (var one = new ServerSocket(0);
                var other = new ServerSocket(0)) {
            var server = new KafkaServer(directory, one.getLocalPort(), other.getLocalPort(), users);
            one.close();
            other.close();
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** What a client says to it to be this user; nothing where nobody is asked. */
    public Map<String, Object> as(String user, String password) {
        return Map.of(
                "bootstrap.servers",
                bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                login(user, password) + ";");
    }

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\""
                .formatted(user, password);
    }

    private String logins() {
        return users.isEmpty()
                ? ""
                : login(ADMIN, users.get(ADMIN))
                        + users.entrySet().stream()
                                .map(user -> " user_%s=\"%s\"".formatted(user.getKey(), user.getValue()))
                                .collect(Collectors.joining())
                        + ";";
    }

    /** Starts it again on what it has on disk. */
    public void launch() {
        try {
            var builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KafkaServer.class.getName(),
                            directory.toString(),
                            Integer.toString(port),
                            Integer.toString(controllerPort))
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put(USERS, logins());
            process = builder.start();
            var said = process.inputReader();
            for (var line = said.readLine(); !READY.equals(line); line = said.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("Kafka does not start");
                }
            }
            // whatever else it says must not fill the pipe
            Thread.ofVirtual().start(() -> said.lines().forEach(line -> {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** @param arguments directory, port, port of the controller */
    public static void main(String[] arguments) throws Exception {
        var directory = Path.of(arguments[0]);
        var properties = properties(directory, arguments[1], arguments[2]);
        var logins = System.getenv(USERS);
        if (!logins.isEmpty()) {
            properties.putAll(guards(logins));
        }
        if (!Files.exists(directory.resolve("meta.properties"))) {
            new Formatter()
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .setPrintStream(System.err)
                    .run();
        }
        var server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        System.out.println(READY);
        server.awaitShutdown();
    }

    private static Properties properties(Path directory, String port, String controllerPort) {
        var properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.put("listeners", "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", "CLIENTS://127.0.0.1:" + port);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("inter.broker.listener.name", "CLIENTS");
        properties.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.toString());
        for (var key : List.of(
                "offsets.topic.replication.factor",
                "offsets.topic.num.partitions",
                "transaction.state.log.replication.factor",
                "transaction.state.log.min.isr",
                "transaction.state.log.num.partitions",
                "share.coordinator.state.topic.replication.factor",
                "share.coordinator.state.topic.min.isr",
                "share.coordinator.state.topic.num.partitions")) {
            properties.put(key, "1");
        }
        properties.put("auto.create.topics.enable", "false");
        properties.put("message.max.bytes", "4194304");
        properties.put("group.initial.rebalance.delay.ms", "0");
        // a killed one is known to be gone before the next one asks
        properties.put("broker.session.timeout.ms", "1500");
        properties.put("broker.heartbeat.interval.ms", "300");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        return properties;
    }

    private static Map<String, String> guards(String logins) {
        return Map.of(
                "listener.security.protocol.map", "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.clients.plain.sasl.jaas.config", logins,
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // the controller's own listener, which asks nobody, is for the one process that this is
                "super.users", "User:" + ADMIN + ";User:ANONYMOUS",
                "connection.failed.authentication.delay.ms", "0");
    }
}
