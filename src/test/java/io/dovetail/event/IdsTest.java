package io.dovetail.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {

    /** Consumers have stored these: another value would make every event new to them. */
    @Test
    void neverChange() {
        var event = Ids.event("jira", "default", "10040:created");
        assertThat(event).hasToString("7bc92460-a2d4-5a03-a5f2-c473d5648d95");
        assertThat(Ids.trigger(event, "ticket-escalation")).hasToString("eea7b44d-353d-5e5f-b065-953ef13aaa4d");
        assertThat(Ids.revised(event, 1)).hasToString("4e82a2dd-3f39-5d17-8e6b-4732783efc8d");
    }

    @Test
    void areUuidsOfVersionFive() {
        for (var id :
                new UUID[] {Ids.event("a", "b", "c"), Ids.trigger(new UUID(0, 0), "x"), Ids.revised(new UUID(0, 0), 1)
                }) {
            assertThat(id.version()).isEqualTo(5);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void keepTheirPartsApart() {
        assertThat(Ids.event("a", "bc", "d"))
                .isNotEqualTo(Ids.event("ab", "c", "d"))
                .isNotEqualTo(Ids.event("a", "b", "cd"));
        assertThat(Ids.event("a", "b", "\u0000c")).isNotEqualTo(Ids.event("a", "b\u0000", "c"));
        assertThat(Ids.revised(new UUID(0, 0), 1)).isNotEqualTo(Ids.revised(new UUID(0, 0), 2));
    }
}
