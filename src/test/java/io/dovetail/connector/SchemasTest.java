package io.dovetail.connector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.connector.Schema.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {

    private static final String ORDER = """
            "type": "object", "additionalProperties": false, "required": ["number", "lines"],
            "properties": {
              "number": {"type": "string", "minLength": 3, "maxLength": 5, "pattern": "^[0-9]+$"},
              "placed": {"type": "string", "format": "date-time"},
              "state": {"enum": ["open", "done"]},
              "count": {"type": "integer", "minimum": 1},
              "self": {"$ref": "#"},
              "lines": {"type": "array", "items": {"$ref": "../shared/line.schema.json#/$defs/line"}}
            }""";

    private static final String LINE = """
            "$id": "https://dovetail.example/line",
            "$defs": {"line": {"type": "object", "required": ["a/b"], "properties": {"a/b": {"type": "string"}}}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "null", textBlock = """
            {}                                              | /number          | required             | null
            {"number":"123","lines":[],"more":1}            | /more            | additionalProperties | 1
            {"number":12,"lines":[]}                        | /number          | type                 | 12
            {"number":"12","lines":[]}                      | /number          | minLength            | 12
            {"number":"123456","lines":[]}                  | /number          | maxLength            | 123456
            {"number":"12a","lines":[]}                     | /number          | pattern              | 12a
            {"number":"123","lines":[],"placed":"today"}    | /placed          | format               | today
            {"number":"123","lines":[],"state":"x"}         | /state           | enum                 | x
            {"number":"123","lines":[],"count":0}           | /count           | minimum              | 0
            {"number":"123","lines":[],"count":1.5}         | /count           | type                 | 1.5
            {"number":"123","lines":[{"a/b":"x"},{}]}       | /lines/1/a~1b    | required             | null
            {"number":"123","lines":[{"a/b":{"x":1}}]}      | /lines/0/a~1b    | type                 | {"x":1}
            {"number":"123","lines":[],"self":{"number":1,"lines":[]}} | /self/number | type         | 1
            """)
    void findsTheFirstViolation(String instance, String pointer, String keyword, String value) {
        var violation = schema().check(json(instance));

        assertThat(violation).isNotNull();
        assertThat(List.of(violation.pointer(), violation.keyword())).containsExactly(pointer, keyword);
        assertThat(violation.value()).isEqualTo(value);
        assertThat(violation.message()).endsWith(".").doesNotContain("networknt", "null");
    }

    @Test
    void acceptsWhatIsValid() {
        assertThat(schema().check(json("""
                {"number":"123","placed":"2026-01-01T10:00:00+02:00","state":"open","count":1.0,"lines":[{"a/b":"x"}]}
                """))).isNull();
    }

    @Test
    void isSafeForManyThreads() throws Exception {
        var schema = schema();
        var good = json("{\"number\":\"123\",\"lines\":[{\"a/b\":\"x\"}],\"self\":{\"number\":\"123\",\"lines\":[]}}");
        var bad = json("{\"number\":\"123\",\"lines\":[{}]}");
        try (var threads = Executors.newFixedThreadPool(4)) {
            var tasks = IntStream.range(0, 200)
                    .<Callable<Violation>>mapToObj(i -> () -> schema.check(i % 2 == 0 ? good : bad))
                    .toList();
            var results = threads.invokeAll(tasks);
            for (var i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get() == null).isEqualTo(i % 2 == 0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type": "strange"                                     | not valid JSON Schema: /type
            "type": "object",\\n"requird": ["a"]                   | :2: JSON Schema has no keyword 'requird'
            "format": "datetime"                                  | unknown format 'datetime'
            "pattern": "("                                        | not a regular expression
            "$ref": "#/$defs/none"                                | points at nothing in schemas/x/a.schema.json
            "$ref": "none.schema.json"                            | finds no schema
            "$ref": "https://json.schemastore.org/package.json"   | finds no schema
            "$ref": "file:///etc/passwd"                          | finds no schema
            "$ref": "classpath:draft/2020-12/schema"              | finds no schema
            "properties": {"a": {"$id": "b"}}                     | only a schema's root
            "properties": {"a": {"$ref": "#/nothing"}}            | points at nothing
            "properties": {"a": {"$ref": "#nobody"}}              | points at nothing
            """)
    void refusesSchemasThatWouldFailLater(String body, String expected) {
        assertThat(problems("schemas/x/a.schema.json", body.replace("\\n", "\n")))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("schemas/x/a.schema.json:")
                        .contains(expected));
    }

    @ParameterizedTest
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "$ref": "#"                                                                           | '#'
            "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}} | '#/$defs/a'
            "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}                     | '#/$defs/b'
            "$dynamicRef": "#me", "$dynamicAnchor": "me"                                          | '#me'
            "type": "object", "allOf": [{"required": ["a"]}, {"$ref": "#"}]                       | '#'
            "anyOf": [{"type": "null"}, {"not": {"$ref": "#/anyOf/1"}}]                           | '#/anyOf/1'
            "dependentSchemas": {"a": {"if": true, "then": {"$ref": "#"}}}                        | '#'
            "properties": {"a": {"$ref": "#/properties/b"}, "b": {"$ref": "#/properties/a"}}      | '#/properties/b'
            """)
    void refusesReferencesThatNeverEnd(String body, String reference) {
        assertThat(problems("schemas/x/a.schema.json", body))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("schemas/x/a.schema.json:1: $ref " + reference + " leads back to itself"));
    }

    @Test
    void refusesReferencesThatNeverEndAmongFiles() {
        var problems = new Problems();
        var schemas = Schemas.read(
                Map.of(
                        "schemas/x/a.v1.schema.json", document("\"$ref\": \"b.v1.schema.json\""),
                        "schemas/x/b.v1.schema.json", document("\"oneOf\": [{\"$ref\": \"a.v1.schema.json\"}]"),
                        "schemas/x/c.v1.schema.json", document("\"$ref\": \"a.v1.schema.json\"")),
                problems);
        assertThat(problems.list())
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem.toString()).contains("leads back to itself"));
        assertThat(schemas.names()).isEmpty();
    }

    /** A document ends somewhere, and so does what goes on with each step into it. */
    @Test
    void takesReferencesThatEndWithTheDocument() {
        var files = Map.of("schemas/x/tree.v1.schema.json", document("""
                "$ref": "#/$defs/node",
                "$defs": {
                  "node": {"anyOf": [{"$ref": "#/$defs/leaf"}, {"$ref": "#/$defs/twig"}]},
                  "twig": {"type": "object", "additionalProperties": {"$ref": "#"}},
                  "leaf": {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": 1}
                }"""));
        var problems = new Problems();
        var tree = Schemas.read(files, problems).find("x/tree.v1");
        assertThat(problems.list()).isEmpty();
        assertThat(tree).isNotNull();
        assertThat(tree.check(json("{\"a\": {\"b\": [[]], \"c\": {}}}"))).isNull();
        assertThat(tree.check(json("{\"a\": {\"b\": [[], []]}}"))).isNotNull();
    }

    @Test
    void wantsItsDialectNamedAndCanonicalSchemasClosed() {
        var problems = new Problems();
        Schemas.read(
                Map.of("schemas/x/a.schema.json", "{}".getBytes(UTF_8), "schemas/x/b.schema.json", "{".getBytes(UTF_8)),
                problems);

        assertThat(problems.list().toString())
                .contains("a.schema.json:1: say \"$schema\"", "b.schema.json: The body cannot be read at line 1");
        assertThat(problems("schemas/events/a.b.v1.schema.json", "\"type\": \"object\"")
                        .toString())
                .contains("is closed");
        assertThat(problems("schemas/events/a.b.v1.schema.json", "\"unevaluatedProperties\": false"))
                .isEmpty();
        assertThat(problems("schemas/events/wrong.schema.json", "\"additionalProperties\": false")
                        .toString())
                .contains("<family>.<verb>.v<number>");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void takesATextForAViolationOnWhichAPatternWouldWorkForHours() {
        var files = Map.of("schemas/x/a.v1.schema.json", document("\"pattern\": \"^\\\\s*([0-9]+\\\\s*)?\\\\s*$\""));
        var schema = Schemas.read(files, new Problems()).find("x/a.v1");
        assertThat(schema).isNotNull();
        assertThat(schema.check(json("\" 7 \""))).isNull();
        var violation = schema.check(json("\"" + " ".repeat(250_000) + "x\""));
        assertThat(violation).isNotNull();
        assertThat(violation.keyword()).isEqualTo("pattern");
        assertThat(violation.message()).contains("too long on a text of 250001 characters");
        assertThat(schema.checkAll(json("\"" + " ".repeat(250_000) + "x\""))).containsExactly(violation);
    }

    @Test
    void findsWhatAReferenceNames() {
        assertThat(problems("schemas/x/a.schema.json", """
                "$ref": "#line", "$defs": {"a": {"$anchor": "line", "type": "string"}}""")).isEmpty();
    }

    private static List<String> problems(String path, String body) {
        var problems = new Problems();
        Schemas.read(Map.of(path, document(body)), problems);
        return problems.list().stream().map(Problems.Problem::toString).toList();
    }

    private static Schema schema() {
        var problems = new Problems();
        var files = new HashMap<String, byte[]>();
        files.put("schemas/shop/order.v1.schema.json", document(ORDER));
        files.put("schemas/shared/line.schema.json", document(LINE));
        var schema = Schemas.read(files, problems).find("shop/order.v1");
        assertThat(problems.list()).isEmpty();
        assertThat(schema).isNotNull();
        assertThat(schema.name()).isEqualTo("shop/order.v1");
        return schema;
    }

    private static byte[] document(String body) {
        return ("{" + Folder.SCHEMA_HEAD + "," + body + "}").getBytes(UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return new JsonCodec().read(text.getBytes(UTF_8));
        } catch (io.dovetail.codec.MalformedException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
