package io.dovetail.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingsTest {

    private static final Tags JIRA = Tags.of("connector", "jira");
    private static final Tags SAP = Tags.of("connector", "sap-idoc");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Readings readings = new Readings("hub_held_keys", "Keys", meters);

    @Test
    void aGaugeThatStaysIsNeverAwayForAMoment() {
        readings.show(Map.of(JIRA, 1));
        var jira = meters.get("hub_held_keys").tags(JIRA).gauge();
        readings.show(Map.of(JIRA, 2, SAP, 3));
        assertThat(meters.get("hub_held_keys").tags(JIRA).gauge()).isSameAs(jira);
        assertThat(jira.value()).isEqualTo(2);
        assertThat(meters.get("hub_held_keys").tags(SAP).gauge().value()).isEqualTo(3);
    }

    @Test
    void oneThatIsNoMoreGoes() {
        readings.show(Map.of(JIRA, 1, SAP, 3));
        readings.show(Map.of(SAP, 4));
        assertThat(meters.find("hub_held_keys").gauges())
                .singleElement()
                .extracting(gauge -> gauge.value())
                .isEqualTo(4.0);
    }
}
