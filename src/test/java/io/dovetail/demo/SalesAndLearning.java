package io.dovetail.demo;

import io.dovetail.counterpart.BadgeHost;
import io.dovetail.counterpart.RecordStore;
import io.dovetail.counterpart.SalesforceDouble;
import io.dovetail.protocol.pubsub.AvroEvent;
import io.dovetail.protocol.pubsub.PubSubServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Customers in Salesforce, and what people learn. */
final class SalesAndLearning implements AutoCloseable {

    private final SalesforceDouble salesforce = new SalesforceDouble();
    private final PubSubServer changes = new PubSubServer();
    private final RecordStore store = new RecordStore();
    private final BadgeHost badges = new BadgeHost();

    SalesAndLearning() {
        changes.knows(AvroEvent.ACCOUNTS, AvroEvent.schema(AvroEvent.ACCOUNTS));
        store.vouchesUntil(Instant.now().toString());
        // the one of the sample "revoked"
        badges.revokes(94569);
    }

    List<Neighbour> all() {
        return List.of(
                Neighbour.of("salesforce", "REST API", "outbound message")
                        .knownBy(salesforce.secrets())
                        .tells(
                                1,
                                outside -> outside.deliver(
                                        "salesforce",
                                        outside.sample(
                                                "salesforce", "account-created", "000000000002AAA", "000000000077AAA")))
                        .isToldTo(
                                "account made",
                                () -> salesforce.records().containsKey("Account/Number__c/4711"),
                                Office.set("externalId", "\"4711\""),
                                Office.set("record", "{ \"Name\": \"Halden Marine\" }"),
                                Office.call("salesforce-upsert?object=Account&field=Number__c")),
                Neighbour.of("salesforce-events", "Pub/Sub API, gRPC and Avro", "stream")
                        .knownBy(Map.of(
                                "salesforce-events.host", changes.instance().replace("http://", ""),
                                "salesforce-events.client", PubSubServer.CLIENT,
                                "salesforce-events.client-secret", PubSubServer.SECRET,
                                "salesforce-events.organisation", PubSubServer.TENANT))
                        .at("salesforce-events-read", Map.of("https://api.pubsub.salesforce.com:7443", changes.url()))
                        .heardWhen(() -> changes.listeners() > 0)
                        .tells(2, outside -> {
                            publish("CREATE");
                            publish("DELETE");
                        }),
                Neighbour.of("xapi", "learning record store", "poll")
                        .knownBy(Map.of("xapi.host", store.host(), "xapi.user", "key", "xapi.password", "secret"))
                        .tells(2, outside -> {
                            var soon = Instant.now().plusSeconds(10).toString();
                            store.vouchesUntil(soon);
                            store.has("6c3a1d0e-0000-4000-8000-000000000771", soon, statement("registered"));
                            store.has("6c3a1d0e-0000-4000-8000-000000000772", soon, statement("completed"));
                        }),
                Neighbour.of("open-badges", "issuer's status list", "webhook, list asked")
                        .knownBy(badges.secrets())
                        .tells(
                                2,
                                outside -> List.of("granted", "revoked")
                                        .forEach(name ->
                                                outside.deliver("open-badges", outside.sample("open-badges", name)))));
    }

    private void publish(String type) {
        var change = AvroEvent.change("Account", type, "001bm00000jvM77AAE")
                .says("commitTimestamp", Instant.now().plusSeconds(10).toEpochMilli())
                .with("Name", "Nordsee Werft AG");
        changes.publish("change-77-" + type, AvroEvent.ACCOUNTS, change.bytes());
    }

    private static String statement(String verb) {
        return """
                ,"actor":{"mbox":"mailto:mia@acme.example"},"verb":{"id":"http://adlnet.gov/expapi/verbs/%s"},\
                "object":{"id":"https://academy.halden.example/courses/hyd-77"},"timestamp":"2026-03-11T10:15:02.120Z"\
                """.formatted(verb);
    }

    @Override
    public void close() {
        salesforce.close();
        changes.close();
        store.close();
        badges.close();
    }
}
