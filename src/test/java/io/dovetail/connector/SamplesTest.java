package io.dovetail.connector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.event.Event;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.event.Priority;
import io.dovetail.event.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {

    private static final String SAID = """
            [{"type": "ticket.opened.v1", "subject": "T-1", "time": "2026-01-01T10:00:00+01:00", "key": "1", "id": "1:opened",
              "keys": {"ticket": "T-1"}, "data": {"n": 1, "d": 1.50, "list": ["a"]},
              "triggers": [{"workflow": "triage", "priority": "high", "due": "PT4H", "approval": "big"}]},
             {"ignored": "noise"}, {"parked": "/ticket"}]
            """;

    @TempDir
    private Path root;

    private Folder folder;
    private final Problems problems = new Problems();

    @BeforeEach
    void makeAFolder() {
        folder = new Folder(root);
    }

    @Test
    void readsEveryKindOfCase() {
        folder.write("connectors/desk/samples/good/delivery.json", "{}")
                .write("connectors/desk/samples/good/events.json", SAID)
                .write("connectors/desk/samples/good/headers", "X-Delivery: 1:2\nx-sample-sender: acme\n\n")
                .write("connectors/desk/samples/bad/delivery.xml", "<a/>")
                .write("connectors/desk/samples/bad/refused.txt", "DOCTYPE\n  line \n\n")
                .write("connectors/desk/samples/odd/delivery.json", "[]")
                .write("connectors/desk/samples/odd/parked.txt", "no entry");

        var samples = samples();

        assertThat(problems.list()).isEmpty();
        assertThat(samples).extracting(Sample::name).containsExactly("bad", "good", "odd");
        assertThat(samples.get(0).expectation()).isEqualTo(new Expectation.Refused(List.of("DOCTYPE", "line")));
        assertThat(samples.get(0).sender()).isEqualTo("default");
        assertThat(samples.get(1).headers()).containsExactly(Map.entry("x-delivery", "1:2"));
        assertThat(samples.get(1).sender()).isEqualTo("acme");
        assertThat(samples.get(1).delivery()).isEqualTo("{}".getBytes(UTF_8));
        assertThat(samples.get(2).expectation()).isEqualTo(new Expectation.Parked(List.of("no entry")));
    }

    @Test
    void listsWhatIsWrongWithSamples() {
        folder.write("connectors/desk/samples/both/delivery.json", "{}")
                .write("connectors/desk/samples/both/delivery.xml", "<a/>")
                .write("connectors/desk/samples/empty/delivery.json", "{}")
                .write("connectors/desk/samples/empty/parked.txt", "\n")
                .write("connectors/desk/samples/odd/delivery.json", "{}")
                .write("connectors/desk/samples/odd/headers", "nothing")
                .write("connectors/desk/samples/odd/note.txt", "hello")
                .write("connectors/desk/samples/odd/events.json", """
                        [{"type": "a", "time": "today", "data": {}, "extra": 1,
                          "triggers": [{"workflow": "w",
                            "priority": "soon", "due": "4h"}]},
                         {"ignored": 5}]
                        """);

        assertThat(samples()).isEmpty();
        assertThat(problems.list())
                .extracting(Problems.Problem::toString)
                .containsExactly(
                        "connectors/desk/samples/both: a sample needs exactly one of delivery.edi, delivery.json, delivery.jwt, delivery.xml",
                        "connectors/desk/samples/both: a sample needs exactly one of events.json, parked.txt, refused.txt",
                        "connectors/desk/samples/empty/parked.txt: the file is empty: write a piece of the reason on each line",
                        "connectors/desk/samples/odd/events.json:1: 'extra' is not known here",
                        "connectors/desk/samples/odd/events.json:1: time is an instant as 2026-03-11T10:15:02Z",
                        "connectors/desk/samples/odd/events.json:3: due is a duration as PT4H or P1D",
                        "connectors/desk/samples/odd/events.json:3: priority is low, normal, high or urgent",
                        "connectors/desk/samples/odd/events.json:4: 'ignored' is missing or no text",
                        "connectors/desk/samples/odd/headers:1: a header line is 'Name: value'",
                        "connectors/desk/samples/odd/note.txt: a sample has no such file");
    }

    @Test
    void comparesAnEventWithWhatIsExpected() throws Exception {
        folder.write("connectors/desk/samples/good/delivery.json", "{}")
                .write("connectors/desk/samples/good/events.json", SAID);
        var said = (Expected.Said) ((Expectation.Events) samples().getFirst().expectation())
                .events()
                .getFirst();
        var accepted = Samples.ACCEPTED_AT;
        var same = event("T-1", json("{\"n\": 1.0, \"d\": 1.5, \"list\": [\"a\"]}"));
        var other = event(null, json("{\"n\": 2, \"list\": [\"a\", \"b\"], \"x\": null}"));

        assertThat(said.differences(part("1:opened"), same, List.of(trigger(same, Duration.ofHours(4))), accepted))
                .isEmpty();
        assertThat(said.differences(part("2:opened"), other, List.of(trigger(other, Duration.ofHours(5))), accepted))
                .containsExactly(
                        "subject is null, expected T-1",
                        "id is 2:opened, expected 1:opened",
                        "data/n is 2, expected 1",
                        "data/d is missing, expected 1.50",
                        "data/list/1 is \"b\", expected missing",
                        "data/x is null, expected missing",
                        "trigger triage: due is PT5H, expected PT4H");
        assertThat(said.differences(part("1:opened"), same, List.of(), accepted))
                .containsExactly("the number of triggers is 0, expected 1", "the trigger of triage is missing");
    }

    private static Part part(String id) {
        return new Part("", NullNode.instance, "ticket.opened.v1", id, false, "1", Map.of("ticket", "T-1"), null);
    }

    private static Event event(String subject, JsonNode data) {
        return new Event(
                Ids.event("desk", "default", "1"),
                "desk",
                "default",
                "ticket.opened.v1",
                subject,
                Instant.parse("2026-01-01T09:00:00Z"),
                "1",
                null,
                0,
                null,
                Lineage.NONE,
                data);
    }

    private static Trigger trigger(Event event, Duration due) {
        return new Trigger(
                Ids.trigger(event.id(), "triage"),
                "triage",
                Priority.HIGH,
                Samples.ACCEPTED_AT.plus(due),
                "big",
                "tickets",
                "0",
                event);
    }

    private List<Sample> samples() {
        return Samples.of(root.resolve("connectors/desk"), problems);
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonCodec().read(text.getBytes(UTF_8));
    }
}
