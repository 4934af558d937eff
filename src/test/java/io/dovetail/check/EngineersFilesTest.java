package io.dovetail.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every connector, schema, mapping, route and sample of this repository, by the code of {@code ./hub check}. */
class EngineersFilesTest {

    @Test
    void haveNoProblems() {
        var report = Check.report(Path.of("").toAbsolutePath(), Set.of());

        assertThat(report.problems()).isEmpty();
        assertThat(report.samples()).as("samples").isGreaterThan(50);
    }
}
