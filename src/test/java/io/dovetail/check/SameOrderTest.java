package io.dovetail.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One order, as each system says it: the same canonical event, of one schema, comes of all of them, save where they tell
 * other facts. Every folder beside {@code order.json} is a connector's rendition; {@code differs.json} says why it says
 * something else, and lists what by JSON pointer (null: what it does not say). A connector for orders gets a folder.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameOrderTest {

    private static final Path FOLDER = Path.of("src/test/resources/io/dovetail/check/same-order");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Configuration configuration;
    private Rehearsal rehearsal;

    @BeforeAll
    void loadTheConnectors() {
        configuration = Configuration.read(Path.of("").toAbsolutePath(), new Problems());
        rehearsal = Rehearsal.of(configuration);
    }

    @AfterAll
    void close() {
        rehearsal.close();
    }

    static Stream<String> connectors() throws IOException {
        try (var folders = Files.list(FOLDER)) {
            return folders
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void thereAreSeveralRenditions() throws IOException {
        assertThat(connectors()).contains("edi-edifact", "edi-x12", "partner-api", "sap-idoc", "sap-s4");
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void saysTheSame(String name) throws IOException {
        var said = said(name);

        assertThat(said.event().type()).isEqualTo("order.placed.v1");
        assertThat(said.event().subject()).isEqualTo("4500017423");
        assertThat(said.part().keys()).containsEntry("order", "4500017423");
        assertThat(said.event().data()).isEqualTo(expected(name));
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void setsOffTheSame(String name) throws IOException {
        assertThat(said(name).triggers())
                .as("an order of less than 10,000 whose worth is told")
                .isEmpty();
    }

    private Rehearsed.Said said(String name) throws IOException {
        var connector = Objects.requireNonNull(configuration.connector(name), name);
        var came = rehearsal.perform(
                connector, "default", delivery(name), Samples.ACCEPTED_AT, new SampleAnswers(List.of()));
        assertThat(came).isInstanceOf(Rehearsed.Accepted.class);
        var fate = ((Rehearsed.Accepted) came).events().getFirst();
        assertThat(fate).isInstanceOf(Rehearsed.Said.class);
        return (Rehearsed.Said) fate;
    }

    private static byte[] delivery(String name) throws IOException {
        try (var files = Files.list(FOLDER.resolve(name))) {
            var file = files.filter(one -> one.getFileName().toString().startsWith("delivery."))
                    .findFirst();
            return Files.readAllBytes(file.orElseThrow());
        }
    }

    private static JsonNode expected(String name) throws IOException {
        var order = JSON.readTree(FOLDER.resolve("order.json").toFile());
        var differs = JSON.readTree(FOLDER.resolve(name).resolve("differs.json").toFile());
        for (var difference : differs) {
            assertThat(difference.path("why").asText()).as("why").isNotBlank();
            difference.path("facts").properties().forEach(fact -> apply(fact.getKey(), fact.getValue(), order));
        }
        return order;
    }

    private static void apply(String pointer, JsonNode value, JsonNode order) {
        var last = pointer.lastIndexOf('/');
        var parent = order.at(pointer.substring(0, last));
        assertThat(parent).as(pointer).isInstanceOf(ObjectNode.class);
        var field = pointer.substring(last + 1);
        assertThat(parent.path(field)).as("no difference at %s", pointer).isNotEqualTo(value);
        if (value.isNull()) {
            assertThat(parent.has(field)).as("not said at all: %s", pointer).isTrue();
            ((ObjectNode) parent).remove(field);
        } else {
            ((ObjectNode) parent).set(field, value);
        }
    }
}
