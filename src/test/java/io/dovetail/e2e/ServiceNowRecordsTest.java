package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.ServiceNowDouble;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped Kamelets that write to ServiceNow, in a shop's route, over the wire. */
class ServiceNowRecordsTest {

    private static final String ID = "46f09e75a9fe19880000000000000009";

    private final ServiceNowDouble serviceNow = new ServiceNowDouble();
    private final ShopRoute route = new ShopRoute("servicenow", serviceNow.secrets(), "$lookup.recordId");

    @AfterEach
    void close() {
        route.close();
        serviceNow.close();
    }

    private static final String CREATE =
            set("record", "{ \"short_description\": \"Order \" + .order.number, \"urgency\": \"2\" }")
                    + "- to: kamelet:servicenow-create\n";

    private static final String RECORD = set("recordId", "\"46f09e75a9fe19880000000000000009\"");

    private static final String RESOLVE =
            RECORD + set("change", "{ \"state\": 6, \"close_notes\": \"Order \" + .order.number }")
                    + "- to: kamelet:servicenow-update\n";

    private static final String COMMENT = RECORD + set("comment", "\"Order \" + .order.number + \" is on its way\"")
            + "- to: kamelet:servicenow-comment\n";

    private String create(String order) {
        return route.run(CREATE, order);
    }

    @Test
    void createsOneRecordForAnEventThoughItIsNotToldThatItDid() {
        serviceNow.losesTheNextAnswer();
        assertThat(failure(() -> create("1")).failure().rule()).isEqualTo("no answer");
        var first = create("1");
        assertThat(create("2")).isNotEqualTo(first);
        assertThat(serviceNow.changes()).hasSize(2);
        assertThat(serviceNow.records()).hasSize(2);
        var record = serviceNow.records().get(first);
        assertThat(record.path("correlation_id").asText())
                .isEqualTo(Ids.event("shop", "acme", "1").toString());
        assertThat(record.path("short_description").asText()).isEqualTo("Order 1");
    }

    /** It gives every record there is, and none of them is the event's. */
    @Test
    void makesNothingInATableWhereItCouldNotFindItAgain() {
        serviceNow.has(ID, "{}");
        var failure = failure(() -> route.run(CREATE.replace("-create", "-create?table=cmdb_ci"), "1"))
                .failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.message()).contains("the table cmdb_ci has no correlation_id");
        assertThat(serviceNow.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 503})
    void comesAgainWhenItIsRefusedForNow(int status) {
        serviceNow.refusesTheNextChange(AskedSystem.json(status, ServiceNowDouble.error("later")));
        assertThat(failure(() -> create("1")).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        create("1");
        assertThat(serviceNow.records()).hasSize(1);
    }

    @Test
    void updatesWhatIsNotSoAlready() {
        serviceNow.has(ID, "{\"state\": \"2\", \"close_notes\": \"\"}");
        serviceNow.losesTheNextAnswer();
        assertThat(failure(() -> route.run(RESOLVE, "1")).failure().rule()).isEqualTo("no answer");
        serviceNow.records().get(ID).put("state", "6");
        route.run(RESOLVE, "1");
        assertThat(serviceNow.changes()).hasSize(1);
        route.run(RESOLVE, "2");
        assertThat(serviceNow.records().get(ID).path("close_notes").asText()).isEqualTo("Order 2");
    }

    @Test
    void commentsOnceForAnEvent() {
        serviceNow.has(ID, "{}");
        serviceNow.losesTheNextAnswer();
        assertThat(failure(() -> route.run(COMMENT, "1")).failure().rule()).isEqualTo("no answer");
        route.run(COMMENT, "2");
        route.run(COMMENT, "1");
        assertThat(serviceNow.changes()).hasSize(2);
        assertThat(serviceNow.notes(ID))
                .containsOnlyOnce("Order 1 is on its way")
                .containsOnlyOnce("Order 2 is");
    }

    @Test
    void parksWhatIsAboutARecordThatIsGone() {
        assertThat(failure(() -> route.run(RESOLVE, "1")).failure().kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure(() -> route.run(COMMENT, "1")).failure().kind()).isEqualTo(FailureKind.REJECTED);
    }

    @Test
    void doesNotTakeANoteForAField() {
        serviceNow.has(ID, "{}");
        var notes = RESOLVE.replace("\"close_notes\"", "\"work_notes\"");
        assertThat(failure(() -> route.run(notes, "1")).failure().message()).contains("use kamelet:servicenow-comment");
    }
}
