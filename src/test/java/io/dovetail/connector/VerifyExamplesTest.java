package io.dovetail.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/connectors.md shows of verify can be copied. */
class VerifyExamplesTest {

    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^verify:.*\n(?:  .*\n|(?:deliveryId|media):.*\n)*");
    private static final Pattern SCHEME = Pattern.compile("scheme: ([a-z0-9-]+)");

    @TempDir
    private Path root;

    static Stream<String> examples() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("docs/connectors.md")))
                .results()
                .flatMap(block -> EXAMPLE.matcher(block.group(1)).results())
                .map(example -> example.group());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void canBeCopied(String example) {
        var media = example.contains("media:") ? "" : "    media: [application/json]\n";
        assertThat(Folder.sound(root)
                        .write(
                                "connectors/desk/connector.yaml",
                                Folder.YAML.replaceFirst(
                                        "(?s)    verify:.*?    maxBytes",
                                        java.util.regex.Matcher.quoteReplacement(
                                                example.indent(4) + media + "    maxBytes")))
                        .problems())
                .isEmpty();
    }

    @Test
    void showsEverySchemeButThePlainHmac() throws IOException {
        var schema = Files.readString(Path.of("schemas/hub/connector.v1.schema.json"));
        var known = Pattern.compile("\"const\": \"([a-z0-9-]+)\" } }, \"required\": \\[\"scheme\"]")
                .matcher(schema)
                .results()
                .map(scheme -> scheme.group(1))
                .filter(scheme -> !scheme.equals("hmac-sha256"))
                .toList();
        assertThat(known).hasSize(12);
        assertThat(examples()
                        .flatMap(example -> SCHEME.matcher(example).results().map(s -> s.group(1))))
                .containsAll(known);
    }
}
