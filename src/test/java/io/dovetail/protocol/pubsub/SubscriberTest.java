package io.dovetail.protocol.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.event.FailedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes out of a topic, over the wire, whatever its server does. */
class SubscriberTest {

    private static final String ACCOUNT = "001bm00000jvM9bAAE";

    private final PubSubServer server = new PubSubServer();
    private final HttpNetwork network = new HttpNetwork();
    private final Callers callers = new Callers(network, name -> "?", Clock.systemUTC(), new SimpleMeterRegistry());
    private final AtomicLong ahead = new AtomicLong();
    private final Map<String, String> parameters = new HashMap<>(Map.of(
            "address",
            server.url(),
            "instance",
            server.instance(),
            "tenant",
            PubSubServer.TENANT,
            "oauth2ClientId",
            PubSubServer.CLIENT,
            "oauth2ClientSecret",
            PubSubServer.SECRET,
            "oauth2TokenEndpoint",
            server.instance() + "/services/oauth2/token",
            "topic",
            "/data/AccountChangeEvent",
            "patience",
            "PT30S"));
    private Subscriber subscriber;

    @BeforeEach
    void subscribe() {
        server.knows(AvroEvent.ACCOUNTS, AvroEvent.schema(AvroEvent.ACCOUNTS));
        close(subscriber);
        subscriber = new Subscriber(Subscription.of(parameters), () -> System.nanoTime() + ahead.get());
    }

    private static void close(Subscriber subscriber) {
        if (subscriber != null) {
            subscriber.close();
        }
    }

    @AfterEach
    void close() {
        close(subscriber);
        network.close();
        server.close();
    }

    private JsonNode next(String replayId) {
        try {
            return subscriber.next(replayId, callers.of("crm", Duration.ofSeconds(10)));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publish(int... numbers) {
        for (var number : numbers) {
            server.publish(
                    "e" + number,
                    AvroEvent.ACCOUNTS,
                    AvroEvent.change("Account", "DELETE", ACCOUNT).bytes());
        }
    }

    private static List<String> ids(JsonNode page) {
        var ids = new ArrayList<String>();
        page.path("events").forEach(event -> ids.add(event.path("id").asText()));
        return ids;
    }

    @Test
    void readsWhatIsKeptPageByPageAndThenWhatComes() {
        parameters.put("most", "2");
        subscribe();
        publish(1, 2, 3);
        var first = next(null);
        assertThat(ids(first)).containsExactly("e1", "e2");
        assertThat(first.path("full").asBoolean()).isTrue();
        var second = next(first.path("replayId").asText());
        assertThat(ids(second)).containsExactly("e3");
        assertThat(second.path("full").asBoolean()).isFalse();
        publish(4);
        assertThat(ids(next(second.path("replayId").asText()))).containsExactly("e4");
        // all on one stream, with one token and one schema
        assertThat(server.begins()).containsExactly("EARLIEST");
        assertThat(server.tokensGiven()).isOne();
        assertThat(server.schemasAsked()).isOne();
    }

    @Test
    void readsAgainWhatWasNotStored() {
        publish(1, 2);
        var page = next(null);
        publish(3);
        // another start, or a database that took nothing: the position is where it was
        assertThat(ids(next(null))).containsExactly("e1", "e2", "e3");
        assertThat(server.begins()).containsExactly("EARLIEST", "EARLIEST");

        subscribe();
        assertThat(ids(next(page.path("replayId").asText()))).containsExactly("e3");
        assertThat(server.begins()).endsWith("CUSTOM 1002");
    }

    @Test
    void takesTheIdsOfEmptyBatchesAndWhatIsThrottledAndRepeated() {
        publish(1);
        var page = next(null);
        var kept = server.keepAlive();
        var empty = next(page.path("replayId").asText());
        assertThat(ids(empty)).isEmpty();
        assertThat(empty.path("replayId").asText()).isEqualTo(kept);

        server.throttle(1);
        server.repeat(2);
        publish(2, 3, 4);
        var many = new ArrayList<JsonNode>();
        for (var position = kept; many.size() < 6; ) {
            var some = next(position);
            some.path("events").forEach(many::add);
            position = some.path("replayId").asText();
        }
        assertThat(many)
                .extracting(event -> event.path("id").asText())
                .containsExactly("e2", "e2", "e3", "e3", "e4", "e4");
        // the same bytes, by which the hub knows them
        assertThat(many.get(0)).isEqualTo(many.get(1));
    }

    @Test
    void goesOnWhereItWasWhenAStreamIsCutEndedOrLetInNoMore() {
        publish(1);
        var position = next(null).path("replayId").asText();
        server.cut();
        assertThatThrownBy(() -> next(position))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("is answered with UNAVAILABLE: sfdc.platform.eventbus.grpc.service.unavailable");
        publish(2);
        var second = next(position);
        assertThat(ids(second)).containsExactly("e2");

        server.end();
        var after = second.path("replayId").asText();
        assertThatThrownBy(() -> next(after)).hasMessageContaining("is ended by the server");
        publish(3);
        var third = next(after);
        assertThat(ids(third)).containsExactly("e3");

        server.expire();
        var last = third.path("replayId").asText();
        assertThatThrownBy(() -> next(last)).hasMessageContaining("UNAUTHENTICATED");
        publish(4);
        assertThat(ids(next(last))).containsExactly("e4");
        assertThat(server.tokensGiven()).isEqualTo(4);
    }

    @Test
    void leavesAServerAloneThatRefusesItAtOnce() {
        parameters.put("tenant", "00Dbm00000Wrong");
        subscribe();
        assertThatThrownBy(() -> next(null))
                .hasMessageContaining("UNAUTHENTICATED: sfdc.platform.eventbus.grpc.service.auth.error")
                .extracting(e -> ((FailedException) e).notBefore())
                .isEqualTo(Duration.ofSeconds(30));

        parameters.put("oauth2ClientSecret", "other");
        subscribe();
        assertThatThrownBy(() -> next(null))
                .hasMessageContaining("is answered with 400")
                .extracting(e -> ((FailedException) e).failure().detail())
                .asString()
                .contains("invalid_client_id");
    }

    @Test
    void takesASilentStreamForDeadAndOpensAnother() {
        publish(1);
        var position = next(null).path("replayId").asText();
        server.silent(true);
        publish(2);
        parameters.put("patience", "PT0.05S");
        subscribe();
        var none = next(position);
        assertThat(ids(none)).isEmpty();
        assertThat(none.path("replayId").isNull()).isTrue();
        ahead.addAndGet(TimeUnit.MINUTES.toNanos(6));
        assertThatThrownBy(() -> next(position)).hasMessageContaining("has said nothing for 36");
        // it stays silent, which is no reason to hurry
        assertThat(ids(next(position))).isEmpty();
        server.silent(false);
        var page = next(position);
        while (ids(page).isEmpty()) {
            page = next(position);
        }
        assertThat(ids(page)).containsExactly("e2");
        assertThat(server.begins()).contains("CUSTOM 1001").doesNotContain("LATEST");
    }

    @ParameterizedTest
    @CsvSource({"cjEu, corrupted", ", forgotten"})
    void saysThatTheServerKnowsAnIdNoMore(String replayId) {
        publish(1);
        var known = next(null).path("replayId").asText();
        server.forget();
        publish(2);
        subscribe();
        var page = next(replayId == null ? known : replayId);
        assertThat(page.path("forgotten").asBoolean()).isTrue();
        assertThat(page.path("events")).isEmpty();
        assertThat(page.path("replayId").isNull()).isTrue();
        assertThat(ids(next(null))).containsExactly("e2");
        assertThat(server.begins()).doesNotContain("LATEST");
    }

    @Test
    void namesTheFieldsThatChangedAndLeavesOutThoseOfWhichNothingIsSaid() {
        server.publish(
                "e1",
                AvroEvent.ACCOUNTS,
                AvroEvent.change("Account", "UPDATE", ACCOUNT, "001bm00000jvM9cAAE")
                        .says("changedFields", List.of("0x400A00", "4-0x06"))
                        .says("nulledFields", List.of("0x200", "4-0x4"))
                        .with("Industry", "Energy")
                        .with("BillingAddress", Map.of("City", "Leer"))
                        .with("LastModifiedDate", 1_779_096_002_000L)
                        .bytes());
        var event = next(null).at("/events/0");
        assertThat(event.path("type").asText()).isEqualTo("AccountChangeEvent");
        var payload = event.path("payload");
        assertThat(payload.at("/ChangeEventHeader/changedFields").toString())
                .isEqualTo(
                        "[\"Website\",\"Industry\",\"LastModifiedDate\",\"BillingAddress.City\",\"BillingAddress.State\"]");
        assertThat(payload.at("/ChangeEventHeader/nulledFields").toString())
                .isEqualTo("[\"Website\",\"BillingAddress.State\"]");
        assertThat(payload.properties().stream().skip(1).map(Object::toString))
                .containsExactlyInAnyOrder(
                        "BillingAddress={\"City\":\"Leer\",\"State\":null}",
                        "Website=null",
                        "Industry=\"Energy\"",
                        "LastModifiedDate=1779096002000");
    }

    @Test
    void readsNumbersExactly() {
        server.publish(
                "e1",
                AvroEvent.ACCOUNTS,
                AvroEvent.change("Account", "CREATE", ACCOUNT)
                        .with("AnnualRevenue", 1.25e9)
                        .with("NumberOfEmployees", 420)
                        .bytes());
        var payload = next(null).at("/events/0/payload");
        assertThat(payload.path("AnnualRevenue").toString()).isEqualTo("1250000000");
        assertThat(payload.path("NumberOfEmployees").toString()).isEqualTo("420");
        assertThat(payload.at("/ChangeEventHeader/commitTimestamp").toString()).isEqualTo("1779096000000");
    }

    @Test
    void handsOverWhatItCannotRead() {
        server.knows("bad", "{\"type\": \"record\"}");
        server.publish("e1", AvroEvent.ACCOUNTS, new byte[] {1, 2, 3});
        server.publish("e2", "unknown", new byte[] {4});
        server.publish("e3", "bad", new byte[0]);
        server.publish(
                "e4",
                AvroEvent.ACCOUNTS,
                AvroEvent.change("Account", "UPDATE", ACCOUNT)
                        .says("changedFields", List.of("0x8000000000"))
                        .bytes());
        // a text of a hundred million bytes
        server.publish("e5", AvroEvent.ACCOUNTS, new byte[] {-128, -124, -81, 95, 65});
        publish(6);
        var page = next(null);
        assertThat(ids(page)).containsExactly("e1", "e2", "e3", "e4", "e5", "e6");
        assertThat(page.at("/events/0").toString())
                .startsWith("{\"id\":\"e1\",\"schemaId\":\"" + AvroEvent.ACCOUNTS + "\",\"unreadable\":\"it is not as")
                .endsWith("\"bytes\":\"AQID\"}");
        assertThat(page.at("/events/1/unreadable").asText()).isEqualTo("the server has no schema of that id");
        assertThat(page.at("/events/2/unreadable").asText()).startsWith("its schema is none");
        assertThat(page.at("/events/3/unreadable").asText()).contains("more fields than there are");
        assertThat(page.at("/events/4/unreadable").asText()).contains("100000000 exceeds");
        assertThat(page.at("/events/5/payload").isObject()).isTrue();
    }

    /** What takes no room in an event may be there a million times. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"type": "array", "items": "null"}                                                      | 8089 7a00
        {"type": "array", "items": {"type": "array", "items": "null"}}                          | 04 d00f00 d00f00 00
        {"type": "array", "items": {"type": "record", "name": "r", "fields": []}}               | d00f d00f 00
        {"type": "array", "items": {"type": "fixed", "name": "f", "size": 0}}                   | d00f d00f 00
        {"type": "array", "items": {"type": "map", "values": "null"}}                           | 02 80897a
        """)
    void makesNothingLargeOfLittle(String field, String bytes) {
        server.knows(
                "bomb",
                "{\"type\": \"record\", \"name\": \"a\", \"fields\": [{\"name\": \"b\", \"type\": " + field + "}]}");
        server.publish("e1", "bomb", HexFormat.of().parseHex(bytes.replace(" ", "")));
        assertThat(next(null).at("/events/0/unreadable").asText()).contains("more values than");
    }

    @Test
    void readsBitmapsFromTheRight() {
        var schema = new Schema.Parser().parse(AvroEvent.schema(AvroEvent.ACCOUNTS));
        assertThat(ChangedFields.names(schema, "0x400800")).containsExactly("Industry", "LastModifiedDate");
        assertThat(ChangedFields.names(schema, "4-0x02")).containsExactly("BillingAddress.City");
        assertThat(ChangedFields.names(schema, "Name.FirstName")).containsExactly("Name.FirstName");
        assertThatThrownBy(() -> ChangedFields.names(schema, "1-0x02"))
                .hasMessageContaining("Name, which has no fields");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        address             | http://crm.example.com:7443 | address is as https://api.pubsub.salesforce.com:7443
        address             | https://crm.example.com/x   | address is as
        tenant              | ' '                         | tenant is missing
        oauth2TokenEndpoint | http://crm.example.com/t    | oauth2TokenEndpoint is as https://
        topic               | data/ChangeEvents           | topic is as /data/ChangeEvents
        most                | 1000                        | most is a number from 1 to 999
        patience            | 10                          | patience is a duration
        silence             | PT0S                        | silence is a duration
        """)
    void saysWhichParameterIsWrong(String name, String value, String problem) {
        parameters.put(name, value);
        assertThatThrownBy(() -> Subscription.of(parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }
}
