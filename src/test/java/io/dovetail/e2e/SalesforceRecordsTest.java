package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.SalesforceDouble;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped Kamelets that write to Salesforce, in a shop's route, over the wire. */
class SalesforceRecordsTest {

    private final SalesforceDouble salesforce = new SalesforceDouble();
    private final ShopRoute upserting = new ShopRoute("salesforce", salesforce.secrets(), "$lookup.recordId");
    private final ShopRoute composing = new ShopRoute("salesforce", salesforce.secrets(), "$lookup.recordIds.order");

    @AfterEach
    void close() {
        upserting.close();
        composing.close();
        salesforce.close();
    }

    private static final String UPSERT = set("record", "{ \"Name\": \"Order \" + .order.number, \"Probability\": 10 }")
            + set("externalId", ".order.number")
            + "- to: kamelet:salesforce-upsert?object=Opportunity&field=Number__c\n";

    private static final String BY_EVENT = set("record", "{ \"Name\": \"Order \" + .order.number }")
            + "- to: kamelet:salesforce-upsert?object=Opportunity\n";

    private static final String COMPOSITE = set("records", """
                [
                  { "object": "Account", "field": "Number__c", "externalId": "A-1", "reference": "buyer",
                    "record": { "Name": "ACME" } },
                  { "object": "Opportunity", "field": "Number__c", "externalId": .order.number, "reference": "order",
                    "record": { "Name": "Order", "AccountId": "@{buyer.id}" } }
                ]""") + "- to: kamelet:salesforce-composite\n";

    @Test
    void upsertsOnceThoughItIsNotToldThatItDid() {
        salesforce.losesTheNextAnswer();
        assertThat(failure(() -> upserting.run(UPSERT, "4711")).failure().rule())
                .isEqualTo("no answer");
        var id = upserting.run(UPSERT, "4711");
        assertThat(salesforce.records()).containsOnlyKeys("Opportunity/Number__c/4711");
        assertThat(id)
                .isEqualTo(salesforce
                        .records()
                        .get("Opportunity/Number__c/4711")
                        .path("Id")
                        .asText());
        assertThat(salesforce.changes()).hasSize(1);

        salesforce.records().get("Opportunity/Number__c/4711").put("Probability", 90);
        upserting.run(UPSERT, "4711");
        assertThat(salesforce.changes()).hasSize(2);
        assertThat(salesforce.records()).hasSize(1);
    }

    @Test
    void knowsARecordByItsEventWhereItHasNoOtherName() {
        upserting.run(BY_EVENT, "1");
        upserting.run(BY_EVENT, "1");
        upserting.run(BY_EVENT, "2");
        assertThat(salesforce.records())
                .containsOnlyKeys(
                        "Opportunity/DovetailEvent__c/" + Ids.event("shop", "acme", "1"),
                        "Opportunity/DovetailEvent__c/" + Ids.event("shop", "acme", "2"));
        assertThat(salesforce.changes()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "400,UNABLE_TO_LOCK_ROW,EXTERNAL",
        "403,REQUEST_LIMIT_EXCEEDED,EXTERNAL",
        "500,UNKNOWN_EXCEPTION,EXTERNAL",
        "503,SERVER_UNAVAILABLE,EXTERNAL",
        "400,REQUIRED_FIELD_MISSING,REJECTED",
        "300,MULTIPLE_CHOICES,EXTERNAL"
    })
    void triesAgainWhatPassesAndParksWhatDoesNot(int status, String code, FailureKind kind) {
        salesforce.refusesTheNextChange(AskedSystem.json(status, SalesforceDouble.error(code)));
        var failure = failure(() -> upserting.run(UPSERT, "1")).failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.detail()).contains(code);
        upserting.run(UPSERT, "1");
        assertThat(salesforce.records()).hasSize(1);
    }

    @Test
    void getsAnotherTokenWhenItsOwnCountsNoMore() {
        upserting.run(UPSERT, "1");
        assertThat(salesforce.tokensGiven()).isOne();
        salesforce.endsItsSessions();
        assertThat(failure(() -> upserting.run(UPSERT, "2")).failure().rule()).isEqualTo("status 401");
        upserting.run(UPSERT, "2");
        assertThat(salesforce.records()).hasSize(2);
        assertThat(salesforce.tokensGiven()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Id\": \"1\"", "\"Number__c\": \"1\""})
    void letsNoFieldSayWhichRecordItIs(String field) {
        var steps = UPSERT.replace("\"Probability\": 10", field);
        assertThat(failure(() -> upserting.run(steps, "1")).failure().message()).contains("say which record it is");
        assertThat(salesforce.changes()).isEmpty();
    }

    @Test
    void makesSeveralAtOnceAndTwiceTheSame() {
        salesforce.losesTheNextAnswer();
        assertThat(failure(() -> composing.run(COMPOSITE, "4711")).failure().rule())
                .isEqualTo("no answer");
        var id = composing.run(COMPOSITE, "4711");
        assertThat(salesforce.records()).containsOnlyKeys("Account/Number__c/A-1", "Opportunity/Number__c/4711");
        assertThat(id)
                .isEqualTo(salesforce
                        .records()
                        .get("Opportunity/Number__c/4711")
                        .path("Id")
                        .asText());
    }

    /** It is answered with 200, and none of them is made. */
    @Test
    void takesAFailureInsideSuccessForOne() {
        salesforce.refusesIn("4711", "FIELD_CUSTOM_VALIDATION_EXCEPTION");
        var failure = failure(() -> composing.run(COMPOSITE, "4711")).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.message()).contains("has not made order").contains("FIELD_CUSTOM_VALIDATION_EXCEPTION");
        assertThat(salesforce.records()).isEmpty();

        salesforce.refusesIn("4711", "UNABLE_TO_LOCK_ROW");
        assertThat(failure(() -> composing.run(COMPOSITE, "4711")).failure().kind())
                .isEqualTo(FailureKind.EXTERNAL);
        salesforce.refusesIn(null, "");
        composing.run(COMPOSITE, "4711");
        assertThat(salesforce.records()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A-1/../../Account", "A 1", "A?1", "A%2F1"})
    void letsNoExternalIdLeadToAnotherRecord(String id) {
        var steps = COMPOSITE.replace("\"A-1\"", "\"" + id + "\"");
        assertThat(failure(() -> composing.run(steps, "1")).failure().kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(salesforce.changes()).isEmpty();
    }
}
