package io.dovetail.demo;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Sample;
import io.dovetail.connector.Samples;
import io.dovetail.harness.HrSystem;
import io.dovetail.harness.Partner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The demo's own copy of connectors, schemas and routes, which it may change while the hub runs; with one connector more,
 * whose mapping has a fault that no sample shows.
 */
final class House {

    static final String ACADEMY = "academy";
    static final String MAPPING = "connectors/academy/mappings/course-passed.jslt";

    private final Path root;
    private final Configuration configuration;

    private House(Path root, Configuration configuration) {
        this.root = root;
        this.configuration = configuration;
    }

    /** @param more puts further connectors into the copy, or changes those that are there */
    static House copy(Path from, Path to, Consumer<Path> more) throws IOException {
        for (var folder : List.of("connectors", "schemas", "routes")) {
            copyTree(from.resolve(folder), to.resolve(folder));
        }
        write(to.resolve("connectors/academy/connector.yaml"), resource("academy/connector.yaml"));
        write(to.resolve(MAPPING), resource("academy/course-passed.jslt"));
        write(
                to.resolve("schemas/academy/course-passed.v1.schema.json"),
                resource("academy/course-passed.v1.schema.json"));
        more.accept(to);
        var problems = new Problems();
        var configuration = Configuration.read(to, problems);
        if (!problems.isEmpty()) {
            throw new IllegalStateException("The connectors have problems, see ./hub check: " + problems.list());
        }
        return new House(to, configuration);
    }

    Path root() {
        return root;
    }

    /** Those of the checkout, by name. */
    List<Connector> connectors() {
        return configuration.connectors().values().stream()
                .filter(connector ->
                        !Set.of(ACADEMY, HrSystem.CONNECTOR, Office.CONNECTOR).contains(connector.name()))
                .toList();
    }

    Connector connector(String name) {
        return Objects.requireNonNull(configuration.connector(name), "The demo needs the connector " + name);
    }

    List<Sample> samples(Connector connector) {
        return Samples.of(root.resolve("connectors").resolve(connector.name()), new Problems());
    }

    void repairMapping() throws IOException {
        write(root.resolve(MAPPING), resource("academy/course-passed.repaired.jslt"));
    }

    /** A secret for every sender that a sample names, as the partners would have agreed on them. */
    void agreeOnSecrets(Path secrets) throws IOException {
        for (var connector : configuration.connectors().values()) {
            agree(secrets, connector, "default");
            for (var sample : samples(connector)) {
                agree(secrets, connector, sample.sender());
            }
        }
    }

    /** What the hub is to know of a system that it asks. */
    void agreeOnSecrets(Path secrets, Map<String, String> further) throws IOException {
        for (var secret : further.entrySet()) {
            write(secrets.resolve(secret.getKey()), secret.getValue().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void agree(Path secrets, Connector connector, String sender) throws IOException {
        for (var part : connector.webhook().verify().parts()) {
            var file = secrets.resolve(Partner.secretName(connector, sender, part));
            if (!Files.exists(file)) {
                var made = part.invent(sender);
                write(file, made.secret().getBytes(StandardCharsets.US_ASCII));
                if (made.privateKey() != null) {
                    write(
                            file.resolveSibling(file.getFileName() + ".private"),
                            made.privateKey().getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }

    static byte[] resource(String name) {
        try (var in = House.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, content);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                write(to.resolve(from.relativize(file).toString()), Files.readAllBytes(file));
            }
        }
    }
}
