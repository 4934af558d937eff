package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Hubs that break a promise, each in one way, do not go unnoticed; one that breaks none is not blamed. */
class NegativeControlsTest {

    static final List<Control> CONTROLS = Control.ALL;

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("CONTROLS")
    void noticesAHubThatBreaksItsPromise(Control control) throws Exception {
        assertThat(control.run(directory)).extracting(Violation::kind).contains(control.breaks());
    }

    @Test
    void findsWhatAConsumerRejectedWithTheDeadLetters() throws Exception {
        assertThat(Control.ALL.getLast().runUnspoiled(directory)).isEmpty();
    }
}
