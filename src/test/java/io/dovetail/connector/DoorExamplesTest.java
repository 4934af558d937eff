package io.dovetail.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/connectors.md shows of queues can be copied, and what is no door is told. */
class DoorExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(intake:\n  (?!webhook).*?)```");
    private static final String INTAKE = "(?s)intake:.*?(?=split:)";

    @TempDir
    private Path root;

    static Stream<String> examples() throws IOException {
        return EXAMPLE.matcher(Files.readString(Path.of("docs/connectors.md")))
                .results()
                .map(example -> example.group(1));
    }

    private Folder folder(String intake) {
        return Folder.sound(root)
                .write(
                        "connectors/desk/connector.yaml",
                        Folder.YAML.replaceFirst(INTAKE, Matcher.quoteReplacement(intake)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void canBeCopied(String example) {
        assertThat(folder(example).problems()).isEmpty();
    }

    @Test
    void areThereForQueues() throws IOException {
        assertThat(examples()).anyMatch(example -> example.contains("amqp:"));
        assertThat(examples()).anyMatch(example -> example.contains("kafka:"));
        assertThat(examples()).anyMatch(example -> example.contains("remoteQueue:"));
    }

    @Test
    void readsWhereTheDeliveryIdStands() {
        var folder = Folder.sound(root).yaml("intake:\n", "intake:\n  amqp: { deliveryId: orderEventId }\n");
        assertThat(folder.read().connectors().get("desk").amqp()).isEqualTo(new Amqp("orderEventId"));
        folder = Folder.sound(root).yaml("intake:\n", "intake:\n  amqp: {}\n");
        assertThat(folder.read().connectors().get("desk").amqp()).isEqualTo(new Amqp(null));
        assertThat(Folder.sound(root).read().connectors().get("desk").amqp()).isNull();
    }

    @Test
    void readsTheTopicAndItsSender() {
        var folder = Folder.sound(root).yaml("intake:\n", "intake:\n  kafka: { topic: erp.orders, sender: erp }\n");
        assertThat(folder.read().connectors().get("desk").kafka()).isEqualTo(new Kafka("erp.orders", "erp"));
        folder = Folder.sound(root).yaml("intake:\n", "intake:\n  kafka: { topic: erp.orders }\n");
        assertThat(folder.read().connectors().get("desk").kafka()).isEqualTo(new Kafka("erp.orders", "default"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amqp:",
                "amqp: true",
                "amqp: { deliveryId: 5 }",
                "amqp: { address: in.other }",
                "kafka: {}",
                "kafka: { topic: a b }",
                "kafka: { topic: a, group: b }",
                "kafka: { topic: a, sender: a.b }"
            })
    void tellsWhatIsNoDoor(String door) {
        assertThat(Folder.sound(root)
                        .yaml("intake:\n", "intake:\n  " + door + "\n")
                        .problems())
                .isNotEmpty();
    }
}
