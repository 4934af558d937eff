package io.dovetail.connector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.XmlCodec;
import io.dovetail.event.FailureKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorTest {

    @TempDir
    private Path root;

    private Folder folder;

    @BeforeEach
    void makeASoundFolder() {
        folder = Folder.sound(root);
    }

    @Test
    void readsIdOrderingKeyAndBusinessKeys() {
        var part = only(connector().read(json("{\"kind\":\"opened\",\"ticket\":{\"id\":1000,\"key\":\"T-1\"}}")));

        assertThat(part.problem()).isNull();
        assertThat(part.pointer()).isEmpty();
        assertThat(part.emits()).isEqualTo("ticket.opened.v1");
        assertThat(part.id()).isEqualTo("1000:opened");
        assertThat(part.key()).isEqualTo("1000");
        assertThat(part.keys()).containsExactly(java.util.Map.entry("ticket", "T-1"));
    }

    @Test
    void leavesAnEventThatNoRuleMatchesWithoutIdAndWithoutProblem() {
        var part = only(connector().read(json("{\"kind\":\"closed\"}")));

        assertThat(part).isEqualTo(new Part("", part.tree(), null, null, false, null, java.util.Map.of(), null));
    }

    @Test
    void splitsAListAndPointsAtEachElement() {
        var parts = folder.yaml("split: none", "split: data.events[]")
                .read()
                .connectors()
                .get("desk")
                .read(json("""
                {"data": {"events": [{"kind":"noted","note":"a"}, {"kind":"noted"}, 5]}}
                """));

        assertThat(parts)
                .extracting(Part::pointer)
                .containsExactly("/data/events/0", "/data/events/1", "/data/events/2");
        assertThat(parts).extracting(Part::id).containsExactly("a", null, null);
        assertThat(parts.get(2).problem()).isNull();
    }

    @Test
    void putsWhatStandsAroundAListAroundEachElement() {
        var connector = folder.yaml("split: none", "split: data.items[] as ticket")
                .andYaml("id: .ticket.id + \":opened\"", "id: .data.ticket.id")
                .andYaml("when: .kind == \"opened\"", "when: .kind == \"opened\" and .data.ticket")
                .andYaml("orderBy: .ticket.id", "orderBy: .data.ticket.id")
                .read()
                .connectors()
                .get("desk");
        var delivery = json("""
                {"kind": "opened", "data": {"n": 1.50, "items": [{"id": 7}, {"id": 8}]}}
                """);

        var parts = connector.read(delivery);

        assertThat(parts).extracting(Part::pointer).containsExactly("/data/items/0", "/data/items/1");
        assertThat(parts).extracting(Part::id).containsExactly("7", "8");
        assertThat(parts.get(1).tree()).isEqualTo(json("""
                {"kind": "opened", "data": {"n": 1.50, "ticket": {"id": 8}}}
                """));
        for (var part : parts) {
            assertThat(connector.eventAt(delivery, part.pointer())).isEqualTo(part.tree());
        }
        assertThat(connector.place("/data/items/1", "/data/ticket/id")).isEqualTo("/data/items/1/id");
        assertThat(connector.place("/data/items/1", "/data/ticket")).isEqualTo("/data/items/1");
        assertThat(connector.place("/data/items/1", "/data/tickets")).isEqualTo("/data/tickets");
        assertThat(connector.place("/data/items/1", "/data/items/1/id")).isEqualTo("/data/items/1/id");

        var single = json("{\"kind\": \"opened\", \"data\": {\"ticket\": {\"id\": 9}}}");
        assertThat(only(connector.read(single)).id()).isEqualTo("9");
        assertThat(connector.eventAt(single, "")).isEqualTo(single);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"items": []}                 | No business event stands at 'items[] as ticket'
            {"items": {}}                 | No business event stands at
            {"items": null}               | No business event stands at
            [{"items": [1]}]              | No business event stands at
            {"items": [1], "ticket": {}}  | Both 'ticket' and the list 'items' stand there
            """)
    void keepsWhatCannotBeToldApartInOnePiece(String delivery, String message) {
        var part = only(folder.yaml("split: none", "split: items[] as ticket")
                .read()
                .connectors()
                .get("desk")
                .read(json(delivery)));

        assertThat(part.tree()).isEqualTo(json(delivery));
        assertThat(part.problem()).isNotNull();
        assertThat(part.problem().rule()).isEqualTo("split");
        assertThat(part.problem().message()).contains(message);
    }

    @Test
    void makesNoHugeThingOfASmallOne() {
        var delivery = json("{\"kind\":\"" + "x".repeat(20_000) + "\",\"items\":[" + "1,".repeat(999) + "1]}");

        var part = only(folder.yaml("split: none", "split: items[] as ticket")
                .read()
                .connectors()
                .get("desk")
                .read(delivery));

        assertThat(part.problem()).isNotNull();
        assertThat(part.problem().message()).contains("1000 elements", "too many to be repeated for each");
    }

    @Test
    void tellsByItsContractWhyAnIdIsMissing() {
        var problem = only(connector().read(json("{\"kind\":\"noted\"}"))).problem();

        assertThat(problem).isNotNull();
        assertThat(problem.kind()).isEqualTo(FailureKind.CONTRACT);
        assertThat(problem.rule()).isEqualTo("id");
        assertThat(problem.place()).isEqualTo("/ticket");
        assertThat(problem.message())
                .contains("connectors/desk/connector.yaml:24", "desk/ticket.v1", "The property 'ticket' is missing.");
    }

    @Test
    void keepsBusinessKeysOfAnEventWithoutOrder() {
        var part = only(folder.yaml("id: .ticket.id + \":opened\"", "id: .ticket.key")
                .read()
                .connectors()
                .get("desk")
                .read(json("{\"kind\":\"opened\",\"ticket\":{\"key\":\"T-1\"}}")));

        assertThat(part.problem()).isNotNull();
        assertThat(part.problem().rule()).isEqualTo("orderBy");
        assertThat(part.id()).isNull();
        assertThat(part.key()).isNull();
        assertThat(part.keys()).containsEntry("ticket", "T-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"data\":[]}", "{\"data\":{\"events\":{}}}", "{\"data\":{\"events\":[]}}", "[]", "1"})
    void saysThatADeliveryHasNoEvents(String delivery) {
        var part = only(folder.yaml("split: none", "split: data.events[]")
                .read()
                .connectors()
                .get("desk")
                .read(json(delivery)));

        assertThat(part.tree()).isEqualTo(json(delivery));
        assertThat(part.problem()).isNotNull();
        assertThat(part.problem().kind()).isEqualTo(FailureKind.CONTRACT);
        assertThat(part.problem().rule()).isEqualTo("split");
    }

    @Test
    void refusesIdsThatCannotBeStored() {
        for (var id : List.of("x".repeat(257), "a\\u0000b")) {
            var problem = only(connector().read(json("{\"kind\":\"noted\",\"note\":\"" + id + "\"}")))
                    .problem();

            assertThat(problem).isNotNull();
            assertThat(problem.kind()).isEqualTo(FailureKind.CONTRACT);
            assertThat(problem.rule()).isEqualTo("id");
        }
    }

    @Test
    void namesTheBusinessKeyThatIsTooLong() {
        var problem = only(connector()
                        .read(json(
                                "{\"kind\":\"opened\",\"ticket\":{\"id\":1,\"queue\":\"" + "q".repeat(300) + "\"}}")))
                .problem();

        assertThat(problem).isNotNull();
        assertThat(problem.rule()).isEqualTo("keys.queue");
        assertThat(problem.value()).hasSize(201);
    }

    @Test
    void blamesTheMappingSideWhenAnExpressionFails() {
        var part = only(folder.yaml("id: .note", "id: number(.note)")
                .read()
                .connectors()
                .get("desk")
                .read(json("{\"kind\":\"noted\",\"note\":\"x\"}")));

        assertThat(part.problem()).isNotNull();
        assertThat(part.problem().kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(part.problem().place()).isEqualTo("connectors/desk/connector.yaml:24:9");
        assertThat(part.problem().rule()).isEqualTo("id");
    }

    @Test
    void findsElementsAnywhereOutermostFirst() throws Exception {
        var tree = new XmlCodec(Set.of("DOC"))
                .read("<R><DOC n='1'><DOC n='2'/></DOC><X><DOC n='3'/></X><DOC n='4'/></R>".getBytes(UTF_8));

        assertThat(Split.pieces("//DOC", tree))
                .extracting(Split.Piece::pointer)
                .containsExactly("/R/DOC/0", "/R/DOC/1", "/R/X/DOC/0");
        assertThat(Split.pieces("//R", tree)).extracting(Split.Piece::pointer).containsExactly("/R");
        assertThat(Split.pieces("//NONE", tree)).isEmpty();
        assertThat(Split.pieces("[]", json("[1,2]")))
                .extracting(Split.Piece::pointer)
                .containsExactly("/0", "/1");
        assertThat(Split.pieces("[]", json("{\"a\": 1}")))
                .extracting(Split.Piece::pointer)
                .containsExactly("");
        assertThat(Split.pieces("[]", json("[]"))).isEmpty();
        assertThat(Split.pieces("[]", json("1"))).isEmpty();
    }

    private Connector connector() {
        return folder.read().connectors().get("desk");
    }

    private static Part only(List<Part> parts) {
        assertThat(parts).hasSize(1);
        return parts.getFirst();
    }

    private static JsonNode json(String text) {
        try {
            return new JsonCodec().read(text.getBytes(UTF_8));
        } catch (io.dovetail.codec.MalformedException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
