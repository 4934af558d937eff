package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentTest {

    private final Recent<String> recent = new Recent<>(2 * (Recent.OVERHEAD + 5), String::length);

    @Test
    void givesWhatItsReaderHasBeforeItAsOftenAsItIsAsked() {
        recent.add(Map.of(1L, "a", 3L, "b"));
        assertThat(recent.read(List.of(1L, 2L, 3L))).isEqualTo(Map.of(1L, "a", 3L, "b"));
        assertThat(recent.read(List.of(1L))).isEqualTo(Map.of(1L, "a"));
        assertThat(recent.read(List.of())).isEmpty();
    }

    @Test
    void forgetsWhatLiesBehind() {
        recent.add(Map.of(1L, "a", 3L, "b"));
        recent.read(List.of(2L, 3L));
        assertThat(recent.read(List.of(1L, 3L))).isEqualTo(Map.of(3L, "b"));
    }

    @Test
    void takesNoMoreThanThereIsRoomFor() {
        recent.add(Map.of(1L, "01234"));
        recent.add(Map.of(2L, "012345"));
        assertThat(recent.read(List.of(1L, 2L))).containsOnlyKeys(1L);
        // when the first is behind, there is room again
        recent.read(List.of(2L));
        recent.add(Map.of(3L, "y"));
        assertThat(recent.read(List.of(3L))).containsOnlyKeys(3L);
    }

    @Test
    void keepsNothingOldWhereTheNewDoesNotFit() {
        recent.add(Map.of(1L, "old"));
        recent.add(Map.of(1L, "x".repeat(2_000)));
        assertThat(recent.read(List.of(1L))).isEmpty();
    }
}
