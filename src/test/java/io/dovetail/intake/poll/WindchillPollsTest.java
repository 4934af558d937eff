package io.dovetail.intake.poll;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.WindchillDouble;
import io.dovetail.event.FailureKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped connector windchill asks, and does, over the wire. */
class WindchillPollsTest {

    private static final String ROUTE = "windchill.change-notices";
    private static final String RESOLVE =
            set("changeNumber", ".order.number") + "- to: kamelet:windchill-set-state?state=RESOLVED\n";

    private final WindchillDouble windchill = new WindchillDouble();
    private final PolledConnector connector =
            new PolledConnector("windchill", windchill.secrets(), text -> text.replace("default: 50", "default: 2"));
    private final ShopRoute route = new ShopRoute("windchill", windchill.secrets(), ".order.number");

    @AfterEach
    void close() {
        connector.close();
        route.close();
        windchill.close();
    }

    @Test
    void readsAllThatChangedPageByPageFromItsOwnHostWhateverTheLinkSays() {
        windchill.has("00011", "OPEN", "2026-05-01T11:44:59Z");
        windchill.has("00012", "RELEASED", "2026-05-01T11:45:00Z");
        windchill.has("00013", "RELEASED", "2026-05-01T11:50:00Z");
        windchill.has("00014", "RELEASED", "2026-05-01T11:50:00Z");
        windchill.has("00015", "OPEN", "2026-05-01T11:50:00Z");
        windchill.has("00016", "OPEN", "2026-05-01T11:58:00Z");
        connector.read(ROUTE);
        assertThat(connector.stored("/Number")).containsExactly("00012", "00013", "00014", "00015", "00016");
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T11:58:00.000Z\"}");
        assertThat(windchill.asked())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("GET ChangeMgmt/ChangeNotices?$expand=ResultingObjects&$filter=LastModified ge"
                        + " 2026-05-01T11:45:00Z&$orderby=LastModified,Number");
        assertThat(windchill.asked().getLast()).contains("$skiptoken=4");
    }

    /** The hub's user may see another language tomorrow, and Windchill gives parts in any order. */
    @Test
    void handsOverTheSameBytesForTheSameNotice() {
        windchill.has("00012", "RELEASED", "2026-05-01T11:52:00Z");
        connector.read(ROUTE);
        windchill.turnsResults();
        connector.read(ROUTE);
        assertThat(connector.bodies())
                .hasSize(2)
                .containsOnly(connector.bodies().getFirst());
        assertThat(connector.bodies().toString()).doesNotContain("Freigegeben").contains("RELEASED");
        windchill.has("00012", "RELEASED", "2026-05-01T11:53:00Z");
        connector.read(ROUTE);
        assertThat(connector.stored("/ID").stream().distinct()).hasSize(2);
    }

    @Test
    void readsOnFromWhereItWasWhenAPageDoesNotCome() {
        windchill.has("00012", "RELEASED", "2026-05-01T11:50:00Z");
        windchill.has("00013", "RELEASED", "2026-05-01T11:51:00Z");
        windchill.has("00014", "RELEASED", "2026-05-01T11:52:00Z");
        connector.beforeStoring(() -> {
            connector.beforeStoring(() -> {});
            windchill.answersNext(AskedSystem.half());
        });
        assertThat(connector.failsToRead(ROUTE).failure().rule()).isEqualTo("no answer");
        assertThat(connector.stored("/Number")).containsExactly("00012", "00013");
        connector.read(ROUTE);
        assertThat(connector.stored("/Number").stream().distinct()).containsExactly("00012", "00013", "00014");
    }

    @Test
    void takesNothingForNewsButAListOfNotices() {
        windchill.answersNext(AskedSystem.json(200, WindchillDouble.error("The search has failed.")));
        assertThat(connector.failsToRead(ROUTE).getMessage()).contains("\"items\" is no list");
        windchill.answersNext(AskedSystem.json(200, "{\"value\":[],\"@odata.nextLink\":\"https://x/y?$skip=2\"}"));
        assertThat(connector.failsToRead(ROUTE).getMessage()).contains("by no $skiptoken that could be read");
        windchill.answersNext(AskedSystem.json(503, "{}", "Retry-After", "60"));
        assertThat(connector.failsToRead(ROUTE).notBefore()).hasSeconds(60);
        windchill.answersNext(AskedSystem.text(200, "text/html", "<html>Log in</html>"));
        assertThat(connector.failsToRead(ROUTE).failure().rule()).isEqualTo("answer no JSON");
    }

    @Test
    void setsAStateOnceWithANonceThatIsGotAnewWhenItCountsNoMore() {
        windchill.has("00012", "RELEASED", "2026-05-01T11:50:00Z");
        route.run(RESOLVE, "00012");
        route.run(RESOLVE, "00012");
        assertThat(windchill.state("00012")).isEqualTo("RESOLVED");
        assertThat(windchill.asked())
                .containsExactly(
                        "GET ChangeMgmt/ChangeNotices?$filter=Number eq '00012'",
                        "GET PTC/GetCSRFToken()",
                        "POST ChangeMgmt/ChangeNotices('OR:wt.change2.WTChangeOrder2:234000')/PTC.ChangeMgmt.SetState"
                                + " {\"State\":{\"Value\":\"RESOLVED\",\"Display\":\"RESOLVED\"}}",
                        "GET ChangeMgmt/ChangeNotices?$filter=Number eq '00012'");
        windchill.endsTheSession();
        windchill.has("00012", "RELEASED", "2026-05-01T11:55:00Z");
        route.run(RESOLVE, "00012");
        assertThat(windchill.state("00012")).isEqualTo("RESOLVED");
        assertThat(windchill.nonces()).isEqualTo(2);
    }

    @Test
    void parksWhatIsAboutANoticeThatWindchillDoesNotHave() {
        assertThat(failure(() -> route.run(RESOLVE, "00099")).getMessage())
                .contains("0 change notices with the number 00099");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500, 503})
    void comesAgainWhenWindchillRefusesForNow(int status) {
        windchill.has("00012", "RELEASED", "2026-05-01T11:50:00Z");
        windchill.answersNext(AskedSystem.json(status, WindchillDouble.error("later")));
        assertThat(failure(() -> route.run(RESOLVE, "00012")).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        route.run(RESOLVE, "00012");
        assertThat(windchill.state("00012")).isEqualTo("RESOLVED");
    }
}
