package io.dovetail.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToUtcTest {

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

    @ParameterizedTest
    @CsvSource({
        "2026-07-02T03:04:05Z, Europe/Berlin",
        "yesterday, Europe/Berlin",
        "2026-07-02T03:04:05, Europe/Atlantis"
    })
    void saysWhatIsNoTimeOrNoZone(String text, String zone) {
        assertThatThrownBy(() -> value("to-utc(\"" + text + "\", \"" + zone + "\")"))
                .hasMessageContaining("to-utc() needs a time and the name of a time zone");
    }
}
