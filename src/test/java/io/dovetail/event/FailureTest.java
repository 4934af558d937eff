package io.dovetail.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {

    private static String fingerprint(String place, String value) {
        return new Failure(FailureKind.CONTRACT, place, "order.v1 type", "It must be a number.", value, null)
                .fingerprint("shop", "order.placed.v1");
    }

    @Test
    void fallIntoOneGroupWhateverTheValueAndTheLine() {
        var first = fingerprint("/lines/0/quantity", "two");
        assertThat(first).matches("[0-9a-f]{16}");
        assertThat(fingerprint("/lines/17/quantity", "three")).isEqualTo(first);
        assertThat(fingerprint("line 12, /lines/3/quantity", "x")).isEqualTo(first);
        assertThat(fingerprint("/lines/0/price", "two")).isNotEqualTo(first);
    }

    @Test
    void tellMappingsApartByTheirPlace() {
        assertThat(fingerprint("connectors/shop/mappings/a.jslt:12:5", "x"))
                .isNotEqualTo(fingerprint("connectors/shop/mappings/a.jslt:13:5", "x"));
    }

    @Test
    void cutLongValues() {
        var failure = new Failure(FailureKind.CONTRACT, "/", "r", "m", "x".repeat(1000), null);
        assertThat(failure.value()).hasSize(Failure.VALUE_LIMIT + 1).endsWith("…");
    }
}
