package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.S4;
import io.dovetail.counterpart.S4Sales;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped Kamelets that create and change sales orders, in a shop's route, over the wire. */
class SalesOrdersTest {

    private final S4 s4 = S4.start();
    private final S4Sales sales = s4.sales();
    private final ShopRoute route = new ShopRoute(
            "sap-s4",
            Map.of("sap-s4.host", s4.host(), "sap-s4.user", "hub", "sap-s4.password", "s3cret"),
            "$lookup.salesOrderNumber");

    @AfterEach
    void close() {
        route.close();
        s4.close();
    }

    private static final String CREATE = set("salesOrder", """
                {
                  "SalesOrderType": "OR",
                  "SoldToParty": "17100001",
                  "PurchaseOrderByCustomer": .order.number,
                  "to_Item": [{ "SalesOrderItem": "10", "Material": "TG11", "RequestedQuantity": "3" }]
                }""") + "- to: kamelet:sap-s4-create-sales-order\n";

    private static final String CHANGE = set("salesOrderNumber", ".order.number") + set("salesOrderItem", "\"10\"")
            + set("change", "{ \"RequestedQuantity\": string(.order.total) }")
            + "- to: kamelet:sap-s4-change-sales-order?set=A_SalesOrderItem\n";

    /** The number of the sales order that the event then has. */
    private String create(String reference) {
        return route.run(CREATE, reference);
    }

    private void change(String number, String quantity) {
        route.run(CHANGE, number, quantity);
    }

    private Seen lastChange() {
        return s4.changes().getLast();
    }

    @Test
    void createsAnOrderWithATokenAndTheCookiesOfItsSession() {
        assertThat(create("PO-1")).isEqualTo("4711");
        assertThat(create("PO-2")).isEqualTo("4712");
        assertThat(sales.orders().get("4712").path("PurchaseOrderByCustomer").asText())
                .isEqualTo("PO-2");
        assertThat(sales.orders().get("4712").at("/to_Item/results")).hasSize(1);
        assertThat(lastChange().header("X-CSRF-Token")).isEqualTo("t1==");
        assertThat(lastChange().header("Cookie"))
                .isEqualTo("sap-usercontext=sap-client=100; SAP_SESSIONID_S4H_100=s1%3d");
        assertThat(sales.sessionsBegun()).isOne();
    }

    @Test
    void beginsAnotherSessionOnceItsOwnCountsNoMore() {
        create("PO-1");
        sales.forgetsItsSessions();
        assertThat(create("PO-2")).isEqualTo("4712");
        assertThat(sales.sessionsBegun()).isEqualTo(2);
        assertThat(sales.orders()).hasSize(2);
    }

    @Test
    void createsOneOrderHoweverOftenItIsTold() {
        assertThat(create("O'Neil & Sons 1")).isEqualTo("4711");
        assertThat(create("O'Neil & Sons 1")).isEqualTo("4711");
        assertThat(s4.changes()).hasSize(1);
    }

    @Test
    void createsOneOrderThoughItIsNotToldThatItDid() {
        sales.losesTheNextAnswer();
        var failure = failure(() -> create("PO-1"));
        assertThat(failure.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.failure().rule()).isEqualTo("no answer");
        // S/4HANA may be at work yet, and not show the order before it has ended
        assertThat(failure.notBefore()).isEqualTo(ShopRoute.DEADLINE);
        assertThat(create("PO-1")).isEqualTo("4711");
        assertThat(sales.orders()).hasSize(1);
        assertThat(s4.changes()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429, 500, 502, 503, 504})
    void comesAgainWhenItIsRefusedForNow(int status) {
        sales.refusesTheNextChange(AskedSystem.json(status, S4Sales.error("ZCU/100", "Nu niet")));
        var failure = failure(() -> create("PO-1"));
        assertThat(failure.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.failure().rule()).isEqualTo("status " + status);
        assertThat(create("PO-1")).isEqualTo("4711");
    }

    @Test
    void parksWhatIsNeverTaken() {
        sales.refusesTheNextChange(AskedSystem.json(400, S4Sales.error("V1/384", "Sold-to party 17100001 is blocked")));
        var failure = failure(() -> create("PO-1")).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure.value()).contains("V1/384").contains("is blocked");
    }

    /** What SAP stores otherwise than it was given would not be found again, and be made twice. */
    @ParameterizedTest
    @ValueSource(strings = {"123456789012345678901234567890123456", " PO-1", "PO-1 "})
    void makesNoOrderThatWouldNotBeFoundAgain(String reference) {
        var failure = failure(() -> create(reference)).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.message()).contains("found again by its PurchaseOrderByCustomer");
        assertThat(s4.changes()).isEmpty();
    }

    @Test
    void leavesItToAPersonWhichOfTwoOrdersIsMeant() {
        create("PO-1");
        create("PO-2");
        sales.changes("4712", "PurchaseOrderByCustomer", "PO-1");
        assertThat(failure(() -> create("PO-1")).getMessage()).contains("more than one sales order");
    }

    @Test
    void changesAnItemOnceWithTheETagOfWhatItRead() {
        create("PO-1");
        var etag = order("4711").at("/__metadata/etag").asText();
        change("4711", "7");
        assertThat(lastChange().method()).isEqualTo("PATCH");
        assertThat(lastChange().target())
                .isEqualTo("/sap/opu/odata/sap/API_SALES_ORDER_SRV/"
                        + "A_SalesOrderItem(SalesOrder%3D%274711%27%2CSalesOrderItem%3D%2710%27)");
        assertThat(lastChange().header("If-Match")).isEqualTo(etag).contains("%3A");
        assertThat(lastChange().body()).isEqualTo("{\"RequestedQuantity\":\"7\"}");
        // in S/4HANA's own words, it is so already
        quantity("7.000");
        change("4711", "7");
        assertThat(s4.changes()).hasSize(2);
    }

    @Test
    void overwritesNothingThatSomebodyChangedMeanwhile() {
        create("PO-1");
        sales.beforeTheNextChange(() -> sales.changes("4711", "HeaderBillingBlockReason", "01"));
        var overtaken = failure(() -> change("4711", "7"));
        assertThat(overtaken.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(overtaken.failure().message()).contains("412").contains("changed it since it was read");
        assertThat(order("4711").at("/to_Item/results/0/RequestedQuantity").asText())
                .isEqualTo("3");
        change("4711", "7");
        assertThat(order("4711").at("/to_Item/results/0/RequestedQuantity").asText())
                .isEqualTo("7");
        assertThat(order("4711").path("HeaderBillingBlockReason").asText()).isEqualTo("01");
    }

    @Test
    void changesNothingTwiceThoughItIsNotToldThatItDid() {
        create("PO-1");
        sales.losesTheNextAnswer();
        assertThat(failure(() -> change("4711", "7")).failure().rule()).isEqualTo("no answer");
        change("4711", "7");
        assertThat(s4.changes()).hasSize(2);
    }

    @Test
    void parksTheChangeOfAnOrderThatIsNotThere() {
        assertThat(failure(() -> change("1", "7")).failure().kind()).isEqualTo(FailureKind.REJECTED);
        Failure odd = failure(() -> change("1') or ('1", "7")).failure();
        assertThat(odd.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(s4.changes()).isEmpty();
    }

    /** Another field than the buyer's number, and what the event itself is called in it. */
    @Test
    void mayFindAnOrderByTheEventThatItComesFrom() {
        var steps = CREATE.replace(
                        "\"PurchaseOrderByCustomer\": .order.number",
                        "\"PurchaseOrderByShipToParty\": replace($lookup.eventId, \"-\", \"\")")
                .replace("create-sales-order", "create-sales-order?reference=PurchaseOrderByShipToParty");
        route.run(steps, "PO-1");
        route.run(steps, "PO-1");
        assertThat(sales.orders()).hasSize(1);
        assertThat(order("4711").path("PurchaseOrderByShipToParty").asText())
                .isEqualTo(Ids.event("shop", "acme", "PO-1").toString().replace("-", ""));
    }

    private ObjectNode order(String number) {
        return sales.orders().get(number);
    }

    private void quantity(String quantity) {
        ((ObjectNode) order("4711").at("/to_Item/results/0")).put("RequestedQuantity", quantity);
    }
}
