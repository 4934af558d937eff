package io.dovetail.intake.poll;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.ArasDouble;
import io.dovetail.event.FailureKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector aras asks, and does, over the wire. */
class ArasPollsTest {

    private static final String ROUTE = "aras.changes";
    private static final String RELEASE =
            set("itemNumber", ".order.number") + "- to: kamelet:aras-promote?state=Released\n";

    private final ArasDouble aras = new ArasDouble();
    private final PolledConnector connector = new PolledConnector(
            "aras",
            aras.secrets(),
            text -> text.replace("default: 50", "default: 2").replace("zone: UTC", "zone: Europe/Berlin"));
    private final ShopRoute route = new ShopRoute("aras", aras.secrets(), ".order.number");

    @AfterEach
    void close() {
        connector.close();
        route.close();
        aras.close();
    }

    /** At 11:50 in UTC it is 13:50 in Berlin, and an hour and five minutes earlier 12:45. */
    @Test
    void readsByTheClockOnInnovatorsWallThoughManyItemsAreOfOneSecond() {
        aras.has(1, "ECN-1", "2026-05-01T12:44:59", "Released");
        aras.has(2, "ECN-2", "2026-05-01T12:45:00", "Released");
        aras.has(5, "ECN-5", "2026-05-01T13:00:00", "In Work");
        aras.has(3, "ECN-3", "2026-05-01T13:00:00", "Released");
        aras.has(4, "ECN-4", "2026-05-01T13:00:00", "Released");
        connector.read(ROUTE);
        assertThat(connector.stored("/item/item_number")).containsExactly("ECN-2", "ECN-3", "ECN-4", "ECN-5");
        assertThat(connector.stored("/zone")).containsOnly("Europe/Berlin");
        assertThat(connector.stored().getFirst().at("/item").has("@odata.id")).isFalse();
        assertThat(aras.asked().getFirst())
                .isEqualTo("GET /Innovator/server/odata/ECN?$filter=modified_on ge '2026-05-01T12:45:00'"
                        + "&$orderby=modified_on,id&$top=2");
        // the newest that was reached before stays
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T11:50:00.000Z\"}");
        assertThat(aras.tokens()).isOne();
    }

    @Test
    void handsOverTheSameBytesWhenItReadsAgainAndWhenItIsShownTwice() {
        aras.has(2, "ECN-2", "2026-05-01T13:55:00", "Released");
        connector.read(ROUTE);
        aras.repeats();
        connector.read(ROUTE);
        assertThat(connector.bodies())
                .hasSize(3)
                .containsOnly(connector.bodies().getFirst());
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T11:55:00.000Z\"}");
    }

    @Test
    void comesAgainWithAnotherTokenAndReadsOnWhereItWas() {
        aras.has(2, "ECN-2", "2026-05-01T13:51:00", "Released");
        aras.has(3, "ECN-3", "2026-05-01T13:52:00", "Released");
        aras.has(4, "ECN-4", "2026-05-01T13:53:00", "Released");
        connector.beforeStoring(() -> {
            connector.beforeStoring(() -> {});
            aras.endsTheToken();
        });
        assertThat(connector.failsToRead(ROUTE).failure().rule()).isEqualTo("status 401");
        connector.read(ROUTE);
        assertThat(connector.stored("/item/item_number").stream().distinct())
                .containsExactly("ECN-2", "ECN-3", "ECN-4");
        assertThat(aras.tokens()).isEqualTo(2);
        aras.answersNext(AskedSystem.half());
        assertThat(connector.failsToRead(ROUTE).failure().rule()).isEqualTo("no answer");
        aras.answersNext(AskedSystem.json(429, "{}", "Retry-After", "7"));
        assertThat(connector.failsToRead(ROUTE).notBefore()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void takesAnErrorThatIsAnsweredWith200ForNoNews() {
        aras.answersNext(AskedSystem.json(200, ArasDouble.error("Not enough memory.")));
        assertThat(connector.failsToRead(ROUTE).getMessage()).contains("\"items\" is no list");
    }

    @Test
    void promotesAnItemOnce() {
        aras.has(2, "ECN-2", "2026-05-01T13:51:00", "In Review");
        route.run(RELEASE, "ECN-2");
        route.run(RELEASE, "ECN-2");
        assertThat(aras.state(2)).isEqualTo("Released");
        assertThat(aras.asked())
                .filteredOn(line -> line.startsWith("POST"))
                .containsExactly("POST /Innovator/server/odata/ECN('00000000000000000000000000000002')"
                        + " {\"@aras.action\":\"PromoteItem\",\"state\":\"Released\"}");
        assertThat(failure(() -> route.run(RELEASE, "ECN-9")).getMessage()).contains("0 items with the number ECN-9");
        aras.has(3, "ECN-3", "2026-05-01T13:52:00", "In Review");
        aras.answersNext(AskedSystem.json(503, "{}"));
        assertThat(failure(() -> route.run(RELEASE, "ECN-3")).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
    }
}
