package io.dovetail.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Interchanges through the whole hub: one delivery, many messages, each with its own fate. */
@ExtendWith(SharedHub.class)
class EdiDoorTest {

    private static final String EDIFACT = """
            UNB+UNOC:3+4012345000009:14+4098765000003:14+260518:0915+@'
            UNH+1+ORDERS:D:96A:UN'
            BGM+220+@1+9'
            NAD+BY+++Müller'
            LIN+1++771204:IN'
            QTY+21:1'
            UNT+6+1'
            UNH+2+ORDERS:D:96A:UN'
            BGM+220+@2+9'
            LIN+1++771204:IN'
            QTY+21:many'
            UNT+5+2'
            UNH+3+ORDERS:D:96A:UN'
            BGM+220+@3+9'
            LIN+1++771204:IN'
            UNT+17+3'
            UNH+4+ORDERS:D:96A:UN'
            BGM+220+@4+9'
            UNT+3+4'
            UNZ+4+@'
            """;

    private final Hub hub;
    private final Subscriber subscriber;

    EdiDoorTest(Hub hub, Subscriber subscriber) {
        this.hub = hub;
        this.subscriber = subscriber;
    }

    private Answer edifact(byte[] body) {
        return hub.send(Request.post("/in/edi-edifact")
                .header("Content-Type", "application/edifact")
                .header("Authorization", Signed.basic(hub.secret("edi-edifact.basic")))
                .body(body));
    }

    private static byte[] edifact(String text, String number) {
        return text.replace("@", number).getBytes(ISO_8859_1);
    }

    private JsonNode delivery(Answer answer, String... states) {
        return hub.delivery(
                answer.hasStatus(202).id(),
                d -> d.path("events")
                        .valueStream()
                        .map(event -> event.path("state").asText())
                        .toList()
                        .equals(List.of(states)));
    }

    private List<Subscriber.Received> heard(String order, int count) {
        return subscriber.await(
                "hub.events",
                count,
                received -> received.json().at("/data/orderNumber").asText().equals(order));
    }

    @Test
    void givesEachMessageOfAnInterchangeItsOwnFate() {
        var delivery = delivery(edifact(edifact(EDIFACT, "5010")), "published", "parked", "parked", "published");

        assertThat(delivery.at("/events/1/failure/place").asText())
                .isEqualTo("line 11, segment 11 (QTY), /messages/1/LIN/0/QTY/0/QTY01-2");
        assertThat(delivery.at("/events/2/failure/rule").asText()).isEqualTo("envelope");
        assertThat(delivery.at("/events/2/failure/message").asText())
                .contains("line 16, segment 16 (UNT)", "UNT01 counts 17 segments, but there are 4");
        assertThat(heard("50101", 1).getFirst().json().at("/data/buyer/name").asText())
                .isEqualTo("Müller");
        heard("50104", 1);
    }

    @Test
    void answersWithContrlWhatItTookWhatItRejectsAndWhere() {
        var body = edifact(EDIFACT, "5040");
        var answer = edifact(body).hasStatus(202);

        assertThat(answer.headers()).containsEntry("content-type", "application/edifact");
        assertThat(answer.text())
                .startsWith("UNB+UNOC:3+4098765000003:14+4012345000009:14+")
                .contains("+5040'UNH+1+CONTRL:D:3:UN'UCI+5040+4012345000009:14+4098765000003:14+7'")
                .contains("'UCM+1+ORDERS:D:96A:UN+7'UCM+2+ORDERS:D:96A:UN+4'UCS+4'UCD+12+2:2'")
                .contains("'UCM+3+ORDERS:D:96A:UN+4+29+UNT+2'UCM+4+ORDERS:D:96A:UN+7'UNT+9+1'UNZ+1+5040'");
        assertThat(edifact(body).hasStatus(200).text()).isEqualTo(answer.text());

        var broken = edifact(edifact(EDIFACT.replace("UNZ+4", "UNZ+5"), "5041")).hasStatus(400);
        assertThat(broken.headers())
                .containsEntry("content-type", "application/edifact")
                .doesNotContainKey("delivery-id");
        assertThat(broken.text()).contains("UCI+5041+4012345000009:14+4098765000003:14+4+29+UNZ+2'UNT+3+1'");
        edifact("UNB+".getBytes(UTF_8)).isProblem(400);
        // nobody who has not proved himself is answered in anything but the hub's own words
        hub.send(Request.post("/in/edi-edifact")
                        .header("Content-Type", "application/edifact")
                        .header("Authorization", Signed.basic("nobody:knows"))
                        .body(body))
                .isProblem(401);
    }

    @Test
    void knowsAnInterchangeAndItsMessagesAgain() {
        var first = edifact(
                "UNB+UNOC:3+A:14+B:14+260518:0915+5020'\nUNH+1+ORDERS:D:96A:UN'\nBGM+220+@1+9'\nUNT+3+1'\nUNZ+1+5020'\n",
                "5020");
        var id = edifact(first).hasStatus(202).id();
        hub.delivery(id, "published");

        assertThat(edifact(first).hasStatus(200).id()).isEqualTo(id);
        var rewrapped = new String(first, UTF_8).replace("\n", "").getBytes(UTF_8);
        delivery(edifact(rewrapped), "duplicate");
        var other =
                new String(first, UTF_8).replace("+9'", "+9'FTX+AAI+++changed'").replace("UNT+3", "UNT+4");
        var changed = delivery(edifact(other.getBytes(UTF_8)), "parked");
        assertThat(changed.at("/events/0/failure/rule").asText()).isEqualTo("id not unique");
        heard("50201", 1);

        var group = "UNG+ORDERS+A:14+B:14+260518:0915+7+UN+D:96A'UNH+1+ORDERS:D:96A:UN'BGM+220+@1+9'UNT+3+1'UNE+1+7'";
        var twice = "UNB+UNOC:3+A:14+B:14+260518:0915+5021'" + group + group + "UNZ+2+5021'";
        delivery(edifact(edifact(twice, "5021")), "published", "duplicate");
        heard("50211", 1);
    }

    @Test
    void parksATestAndRepairsAMessageByItsText() throws Exception {
        var sound = new String(
                edifact(
                        "UNB+UNOC:3+A:14+B:14+260518:0915+5030'UNH+1+ORDERS:D:96A:UN'BGM+220+@1+9'NAD+BY+++Müller'LIN+1++7:IN'QTY+21:2'UNT+6+1'UNZ+1+5030'",
                        "5030"),
                ISO_8859_1);
        var test =
                delivery(edifact(sound.replace("+5030'UNH", "+5030++++++1'UNH").getBytes(ISO_8859_1)), "parked");
        assertThat(test.at("/events/0/failure/rule").asText()).isEqualTo("test indicator");

        var wrong = delivery(
                edifact(sound.replace("5030", "5031").replace("21:2", "21:two").getBytes(ISO_8859_1)), "parked");
        var event = wrong.at("/events/0/id").asText();
        var repair = new ObjectMapper().createObjectNode();
        repair.put("reason", "the partner says two").put("text", sound.replace("5030", "5031"));
        hub.post("/api/dead-letters/" + event + "/replay", repair.toString()).hasStatus(200);
        hub.delivery(wrong.path("id").asText(), "published");
        assertThat(heard("50311", 1).getFirst().json().at("/data/buyer/name").asText())
                .isEqualTo("Müller");
    }

    /** Whatever arrives, the answer is one that tells the sender what to do. */
    @Test
    void answersBrokenInterchangesWithARefusalOrTakesThem() {
        var random = new Random(11);
        var odd = "+:'?\n\0\u001d\u00ff".getBytes(ISO_8859_1);
        for (var n = 0; n < 150; n++) {
            var body = edifact(EDIFACT, "6" + n);
            for (var i = 0; i <= random.nextInt(3); i++) {
                body[random.nextInt(body.length)] = odd[random.nextInt(odd.length)];
            }
            assertThat(edifact(body).status()).isIn(200, 202, 400);
        }
    }
}
