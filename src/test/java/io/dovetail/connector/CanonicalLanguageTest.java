package io.dovetail.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The canonical schemas keep the convention of {@code schemas/events/README.md}, also those that nobody emits yet. */
class CanonicalLanguageTest {

    private static final Map<String, byte[]> FILES = Configuration.filesBelow(Path.of(""));

    private final Problems problems = new Problems();
    private final Schemas schemas = Schemas.read(FILES, problems);

    @Test
    void everyTypeIsExplainedAndItsExampleIsOne() {
        assertThat(problems.list()).isEmpty();
        assertThat(trees("schemas/events/")).hasSizeGreaterThan(60).allSatisfy((path, tree) -> {
            assertThat(tree.path("title").asText()).isNotBlank();
            assertThat(tree.path("description").asText()).endsWith(".");
            var schema = schemas.find(path.substring("schemas/".length(), path.length() - Schemas.SUFFIX.length()));
            assertThat(schema).isNotNull();
            assertThat(tree.path("examples"))
                    .hasSize(1)
                    .allSatisfy(example -> assertThat(schema.checkAll(example)).isEmpty());
        });
    }

    @Test
    void theReadmeNamesEveryType() {
        var page = new String(FILES.get("schemas/events/README.md"), StandardCharsets.UTF_8);
        var families = page.substring(page.indexOf("## The families"));
        var named = new TreeSet<String>();
        Pattern.compile("`([a-z-]+\\.[a-z-]+\\.v\\d+)`")
                .matcher(families)
                .results()
                .forEach(m -> named.add(m.group(1)));
        var written = new TreeSet<String>();
        trees("schemas/events/")
                .keySet()
                .forEach(path -> written.add(path.replaceAll("^schemas/events/|\\.schema\\.json$", "")));
        assertThat(named).isEqualTo(written);
    }

    @Test
    void namesTellDaysFromMoments() {
        eachProperty((name, schema) -> {
            assertThat(name).matches("[a-z][A-Za-z0-9]*");
            if (schema.path("$ref").asText().endsWith("/date")) {
                assertThat(name).as("a day").matches("(.*(Date|On|From|Until))|date|on|from|until");
            }
            if (schema.path("$ref").asText().endsWith("/instant")) {
                assertThat(name).as("a moment").matches(".*At|at");
            }
        });
    }

    @Test
    void noNumberIsOneThatReadersWouldRound() {
        eachProperty((name, schema) ->
                assertThat(schema.path("type").asText()).as(name).isNotEqualTo("number"));
    }

    @Test
    void nothingIsNullOrEmpty() {
        eachProperty((name, schema) -> {
            assertThat(schema.path("type").isArray()).as(name).isFalse();
            if (schema.path("type").asText().equals("array")) {
                assertThat(schema.path("minItems").asInt()).as(name).isPositive();
            }
            if (schema.path("type").asText().equals("object")) {
                assertThat(schema.path("minProperties").asInt()
                                + schema.path("required").size())
                        .as(name)
                        .isPositive();
                assertThat(schema.path("additionalProperties").isBoolean())
                        .as(name)
                        .isTrue();
            }
        });
    }

    private static void eachProperty(BiConsumer<String, JsonNode> judge) {
        trees("schemas/events/").values().forEach(tree -> eachProperty(tree, judge));
        trees("schemas/shared/").values().forEach(tree -> eachProperty(tree, judge));
    }

    private static void eachProperty(JsonNode node, BiConsumer<String, JsonNode> judge) {
        if (node.path("properties").isObject()) {
            node.path("properties").properties().forEach(e -> judge.accept(e.getKey(), e.getValue()));
        }
        node.properties().forEach(e -> {
            if (!e.getKey().equals("examples")) {
                eachProperty(e.getValue(), judge);
            }
        });
    }

    private static Map<String, JsonNode> trees(String folder) {
        var trees = new TreeMap<String, JsonNode>();
        FILES.forEach((path, raw) -> {
            if (path.startsWith(folder) && path.endsWith(Schemas.SUFFIX)) {
                try {
                    trees.put(path, new JsonCodec().read(raw));
                } catch (MalformedException e) {
                    throw new AssertionError(path, e);
                }
            }
        });
        return trees;
    }
}
