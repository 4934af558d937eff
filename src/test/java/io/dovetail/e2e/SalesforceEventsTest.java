package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.protocol.pubsub.AvroEvent;
import io.dovetail.protocol.pubsub.PubSubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shipped connector salesforce-events, subscribed to a server of the published protocol, in a running hub. */
@ExtendWith(VendorsHub.class)
class SalesforceEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String POLL = "salesforce-events.changes";

    // later than the hub began, whatever its clock says
    private static final long MOMENT = 4_102_444_800_000L;

    private final Hub hub;
    private final PubSubServer salesforce;
    private final String number = Bodies.number();
    private int events;

    SalesforceEventsTest(VendorsHub.Running running) {
        hub = running.hub();
        salesforce = running.salesforce();
    }

    private String account(String letter) {
        return ("001" + letter + number + "00000000000000").substring(0, 18);
    }

    private AvroEvent change(String type, String... accounts) {
        return AvroEvent.change("Account", type, accounts).says("commitTimestamp", MOMENT + ++events);
    }

    private void publish(AvroEvent event) {
        salesforce.publish("e" + number + "-" + events, event.schema(), event.bytes());
    }

    private List<JsonNode> told(String key) {
        return hub.get("/api/timeline?key=" + key)
                .json()
                .path("events")
                .valueStream()
                .toList();
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.path("state").asText().equals("published"))
                .map(event -> event.path("type").asText())
                .toList();
    }

    private void awaitTold(String key, String... types) {
        await(key)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(types(told(key))).containsExactly(types));
    }

    private String polls() {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/polls/details")
                .toString();
    }

    private String position() throws SQLException {
        try (var connection = hub.bean(DataSource.class).getConnection();
                var select = connection.prepareStatement("select position from poll_cursor where poll = ?")) {
            select.setString(1, POLL);
            var row = select.executeQuery();
            return row.next() ? row.getString(1) : "";
        }
    }

    @Test
    void tellsEveryChangeOnceWhateverTheStreamDoes() throws Exception {
        for (var name : List.of(AvroEvent.ACCOUNTS, "CaseChangeEvent", "Deal_Approved__e")) {
            salesforce.knows(name, AvroEvent.schema(name));
        }
        isOffWithoutItsSecrets();

        // of before the hub began, though it is kept
        salesforce.publish(
                "old",
                AvroEvent.ACCOUNTS,
                AvroEvent.change("Account", "DELETE", account("X")).bytes());
        publish(change("CREATE", account("A")).with("Name", "Nordsee Werft AG").with("Phone", "+49 4921 5500"));
        awaitTold(account("A"), "account.created.v1");
        assertThat(told(account("X"))).isEmpty();

        // one event of three records, told twice
        salesforce.repeat(2);
        publish(change("UPDATE", account("A"), account("B"), account("C"))
                .says("changedFields", List.of("0x400800"))
                .with("Industry", "Energy"));
        awaitTold(account("A"), "account.created.v1", "account.changed.v1");
        awaitTold(account("B"), "account.changed.v1");
        awaitTold(account("C"), "account.changed.v1");

        salesforce.cut();
        publish(change("UPDATE", account("B"))
                .says("changedFields", List.of("4-0x02"))
                .with("BillingAddress", Map.of("City", "Leer")));
        awaitTold(account("B"), "account.changed.v1", "account.changed.v1");
        salesforce.expire();
        publish(change("DELETE", account("B")));
        awaitTold(account("B"), "account.changed.v1", "account.changed.v1", "account.deleted.v1");
        remembersTheIdsOfEmptyBatches();

        leavesOutItsOwnWritesAndKeepsWhatItCannotRead();
        tellsCasesAndDecisions();
        tellsWhatSalesforceCannotTell();
        tellsOfAGapWhenItsReplayIdIsKnownNoMore();
        assertThat(salesforce.begins()).startsWith("EARLIEST").doesNotContain("LATEST");
        var book = hub.get("/api/books")
                .json()
                .valueStream()
                .filter(one -> one.path("connector").asText().equals("salesforce-events"))
                .findFirst()
                .orElseThrow();
        assertThat(book.at("/deliveries/duplicate").asInt()).isPositive();
        assertThat(book.path("difference").asInt()).isZero();
        assertThat(types(told(account("C")))).containsExactly("account.changed.v1");
    }

    private void isOffWithoutItsSecrets() throws IOException {
        await().atMost(PATIENCE)
                .until(() -> polls().contains("off until the secrets directory has salesforce-events."));
        assertThat(salesforce.tokensGiven()).isZero();
        var own = Map.of(
                "organisation",
                PubSubServer.TENANT,
                "client",
                PubSubServer.CLIENT,
                "client-secret",
                PubSubServer.SECRET);
        for (var secret : own.entrySet()) {
            Files.writeString(hub.secrets().resolve("salesforce-events." + secret.getKey()), secret.getValue() + "\n");
        }
        await("a stream").atMost(PATIENCE).until(() -> salesforce.listeners() > 0);
    }

    private void remembersTheIdsOfEmptyBatches() {
        var id = salesforce.keepAlive();
        await("the position").atMost(PATIENCE).until(() -> position().contains(id));
    }

    private void leavesOutItsOwnWritesAndKeepsWhatItCannotRead() {
        publish(change("UPDATE", account("D")).says("changeOrigin", "com/salesforce/api/rest/67.0;client=dovetail"));
        await("own write")
                .atMost(PATIENCE)
                .until(() -> told(account("D")).toString().contains("\"ignored\""));
        events++;
        salesforce.publish("e" + number + "-" + events, AvroEvent.ACCOUNTS, new byte[] {1, 2, 3});
        publish(change("CREATE", account("E")));
        awaitTold(account("E"), "account.created.v1");
        await("what cannot be read")
                .atMost(PATIENCE)
                .until(() -> hub.get("/api/dead-letters?connector=salesforce-events")
                        .text()
                        .contains("CONTRACT"));
    }

    /** A case is closed in bits, and a channel may have the events that somebody defined beside it. */
    private void tellsCasesAndDecisions() {
        var ticket = "500" + account("H").substring(3);
        publish(cases("CREATE", ticket).with("CaseNumber", "0" + number).with("IsEscalated", false));
        publish(cases("UPDATE", ticket).says("changedFields", List.of("0x2000")).with("IsEscalated", true));
        publish(cases("UPDATE", ticket)
                .says("changedFields", List.of("0x20820"))
                .with("Status", "Closed")
                .with("IsClosed", true));
        publish(cases("DELETE", ticket));
        awaitTold(ticket, "ticket.opened.v1", "ticket.escalated.v1", "ticket.updated.v1", "ticket.deleted.v1");

        var deal = "006" + account("H").substring(3);
        publish(AvroEvent.platform("Deal_Approved__e", MOMENT + ++events)
                .with("Opportunity_Id__c", deal)
                .with("Reserved_Until__c", MOMENT));
        awaitTold(deal, "deal.approved.v1");
    }

    private AvroEvent cases(String type, String record) {
        return AvroEvent.change("Case", type, record).says("commitTimestamp", MOMENT + ++events);
    }

    private void tellsWhatSalesforceCannotTell() {
        publish(change("GAP_UPDATE", account("E")));
        awaitTold(account("E"), "account.created.v1", "source.gap.v1");
        publish(change("GAP_OVERFLOW", "000000000000000AAA"));
        awaitTold("000000000000000AAA", "source.gap.v1");
    }

    private void tellsOfAGapWhenItsReplayIdIsKnownNoMore() {
        var gaps = types(told(POLL)).size();
        // nobody listens while it happens
        salesforce.silent(true);
        publish(change("CREATE", account("F")));
        salesforce.forget();
        publish(change("CREATE", account("G")));
        salesforce.cut();
        salesforce.silent(false);
        awaitTold(account("G"), "account.created.v1");
        await("the gap").atMost(PATIENCE).until(() -> types(told(POLL)).size() > gaps);
        assertThat(told(account("F"))).isEmpty();
    }
}
