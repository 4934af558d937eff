package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Hubs that break a promise, each in one way, do not go unnoticed; one that breaks none is not blamed. It is one hub, sound
 * in between: what a control is noticed by is new, and of keys of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NegativeControlsTest {

    static final List<Control> CONTROLS = Control.ALL;

    private Trial trial;

    @BeforeAll
    void prepare(@TempDir Path directory) {
        trial = Control.trial(directory);
    }

    @AfterAll
    void stop() {
        trial.close();
    }

    /** As long as nothing else is wrong. */
    @Test
    @Order(1)
    void findsWhatAConsumerRejectedWithTheDeadLetters() throws Exception {
        assertThat(Control.ALL.getLast().provokeUnspoiled(trial)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("CONTROLS")
    @Order(2)
    void noticesAHubThatBreaksItsPromise(Control control) throws Exception {
        assertThat(control.provoke(trial)).extracting(Violation::kind).contains(control.breaks());
    }
}
