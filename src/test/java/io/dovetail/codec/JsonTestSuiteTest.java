package io.dovetail.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The public corpus of what JSON parsers get wrong, where it is at hand. */
class JsonTestSuiteTest {

    private static final Path CORPUS = Path.of("../shared/corpora/JSONTestSuite/test_parsing");

    /** Allowed by RFC 8259 and refused here on purpose: which of the two values is meant? */
    private static final Set<String> DUPLICATES =
            Set.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

    /** What RFC 8259 leaves open and is read; all else that it leaves open is refused. */
    private static final Set<String> READ = Set.of(
            "i_number_double_huge_neg_exp.json",
            "i_number_too_big_neg_int.json",
            "i_number_too_big_pos_int.json",
            "i_number_very_big_negative_int.json",
            "i_structure_UTF-8_BOM_empty_object.json");

    @TestFactory
    Stream<DynamicTest> readsWhatItMustAndRefusesTheRest() throws IOException {
        assumeTrue(Files.isDirectory(CORPUS), "the corpus is not here");
        return Files.list(CORPUS)
                .sorted()
                .map(file -> dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private void check(Path file) throws IOException {
        var name = file.getFileName().toString();
        var expected = name.startsWith("y_") ? !DUPLICATES.contains(name) : READ.contains(name);
        String message = null;
        try {
            new JsonCodec().read(Files.readAllBytes(file));
        } catch (MalformedException e) {
            message = e.getMessage();
        }
        assertThat(message == null)
                .as("read, and not refused with: %s", message)
                .isEqualTo(expected);
        if (message != null) {
            assertThat(message)
                    .doesNotContain("com.fasterxml", "Source", "java.", "Stream")
                    .hasSizeLessThan(200);
        }
    }
}
