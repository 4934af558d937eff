package io.dovetail.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What engineers may write after {@code scheme:} is what there is a class for. */
class SchemeNamesTest {

    private final JsonNode verify;

    SchemeNamesTest() throws IOException {
        verify = new ObjectMapper()
                .readTree(Path.of("schemas/hub/connector.v1.schema.json").toFile())
                .at("/$defs/verify");
    }

    private List<String> inTheList() {
        var names = new ArrayList<String>();
        verify.at("/properties/scheme/enum").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static boolean isRead(String name) {
        var thrown = catchThrowable(
                () -> Verify.read(JsonNodeFactory.instance.objectNode().put("scheme", name)));
        return thrown == null || !String.valueOf(thrown.getMessage()).equals("there is no scheme " + name);
    }

    @Test
    void readsEachOfTheSchemasNamesAndNoOther() {
        assertThat(inTheList()).isNotEmpty().allMatch(SchemeNamesTest::isRead);
        assertThat(isRead("nonsense")).isFalse();
    }

    @Test
    void describesEachByItsLineOfTheSchema() {
        var described = new ArrayList<String>();
        verify.path("allOf")
                .forEach(line ->
                        described.add(line.at("/if/properties/scheme/const").asText()));
        assertThat(described).isEqualTo(inTheList());
        assertThat(verify.at("/properties/scheme/description").asText())
                .satisfies(text -> assertThat(inTheList()).allMatch(text::contains));
    }

    @Test
    void hasAClassForEach() {
        var classes = leaves(Verify.class).stream().map(Class::getSimpleName).toList();
        // hmac-sha256 is an hmac that says less
        assertThat(classes).hasSize(inTheList().size() - 1);
    }

    private static List<Class<?>> leaves(Class<?> type) {
        if (!type.isSealed()) {
            return List.of(type);
        }
        var leaves = new ArrayList<Class<?>>();
        for (var permitted : type.getPermittedSubclasses()) {
            leaves.addAll(leaves(permitted));
        }
        return leaves;
    }
}
