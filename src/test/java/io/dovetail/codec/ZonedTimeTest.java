package io.dovetail.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZonedTimeTest {

    private static String value(String expression) {
        return Expression.compile(expression, "here")
                .apply(NullNode.instance, Map.of())
                .asText();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05, Europe/Berlin, 2026-01-02T02:04:05Z",
        "2026-07-02T03:04:05, Europe/Berlin, 2026-07-02T01:04:05Z",
        "2026-07-02T03:04:05, America/New_York, 2026-07-02T07:04:05Z",
        "2026-07-02T03:04:05.987, UTC, 2026-07-02T03:04:05Z",
        // the clock shows half past two twice, and in spring never
        "2026-10-25T02:30:00, Europe/Berlin, 2026-10-25T00:30:00Z",
        "2026-03-29T02:30:00, Europe/Berlin, 2026-03-29T01:30:00Z"
    })
    void turnsTheTimeOfAWallIntoAnInstant(String text, String zone, String instant) {
        assertThat(value("to-utc(\"" + text + "\", \"" + zone + "\")")).isEqualTo(instant);
    }

    @Test
    void turnsAnInstantIntoTheTimeOfAWall() {
        assertThat(value("from-utc(\"2026-07-02T01:04:05.000Z\", \"Europe/Berlin\")"))
                .isEqualTo("2026-07-02T03:04:05");
        assertThat(value("from-utc(null, \"Europe/Berlin\")")).isEqualTo("null");
    }

    @ParameterizedTest
    @CsvSource({
        "to-utc, 2026-07-02T03:04:05Z, Europe/Berlin",
        "to-utc, yesterday, Europe/Berlin",
        "to-utc, 2026-07-02T03:04:05, Europe/Atlantis",
        "from-utc, 2026-07-02T03:04:05, Europe/Berlin"
    })
    void saysWhatIsNoTimeOrNoZone(String function, String text, String zone) {
        assertThatThrownBy(() -> value(function + "(\"" + text + "\", \"" + zone + "\")"))
                .hasMessageContaining(function + "() needs a time and the name of a time zone");
    }
}
