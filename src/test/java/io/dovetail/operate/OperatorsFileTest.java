package io.dovetail.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorsFileTest {

    static final String HASH = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    @Test
    void readsALineForEach() {
        var content = OperatorsFile.parse("""
                # the night shift
                alice %1$s repairer

                  bob-2\t%1$s   viewer\r
                carol.d_e %1$s approver
                """.formatted(HASH));
        assertThat(content.problems()).isEmpty();
        assertThat(content.accounts()).containsOnlyKeys("alice", "bob-2", "carol.d_e");
        assertThat(content.accounts().get("bob-2").operator()).isEqualTo(new Operator("bob-2", Role.VIEWER));
        assertThat(content.accounts().get("alice").stored()).containsExactly(HASH);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            bob HASH, 'it must have name, bcrypt hash and role, and has 2 words'
            bob, 'it must have name, bcrypt hash and role, and has 1 word'
            bob HASH viewer now, has 4 words
            Bob HASH viewer, a name has up to 40 small letters
            3bob HASH viewer, a name has up to 40 small letters
            bo:b HASH viewer, a name has up to 40 small letters
            admin HASH viewer, the name admin is taken
            hub HASH viewer, the name hub is taken
            bob HASH admin, 'the role must be viewer, repairer or approver'
            bob HASH Viewer, 'the role must be viewer, repairer or approver'
            bob plain-password viewer, no bcrypt hash of a cost of 10 to 14
            bob $2a$09$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy viewer, no bcrypt hash of a cost of 10 to 14
            bob $2a$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy viewer, no bcrypt hash of a cost of 10 to 14
            """)
    void namesTheLineThatIsWrongAndLetsTheOthersIn(String line, String problem) {
        var content = OperatorsFile.parse(
                "alice " + HASH + " viewer\n" + line.replace("HASH", HASH) + "\ncarol " + HASH + " approver\n");
        assertThat(content.accounts()).containsOnlyKeys("alice", "carol");
        assertThat(content.problems()).hasSize(1);
        assertThat(content.problems().getFirst())
                .startsWith("operators, line 2: ")
                .contains(problem)
                .doesNotContain("plain-password", HASH);
    }

    @Test
    void letsNobodyInWhoIsThereTwice() {
        var content = OperatorsFile.parse(
                "alice %1$s approver\nbob %1$s viewer\nalice %1$s viewer\nalice %1$s viewer\n".formatted(HASH));
        assertThat(content.accounts()).containsOnlyKeys("bob");
        assertThat(content.problems())
                .containsExactly(
                        "operators, line 3: the name of line 1 again; neither counts",
                        "operators, line 4: the name of line 1 again; neither counts");
    }

    @Test
    void letsNobodyInByAFileThatCannotBeRead(@TempDir Path directory) throws IOException {
        assertThat(OperatorsFile.problems(directory)).isEmpty();
        Files.createDirectory(directory.resolve("operators"));
        assertThat(OperatorsFile.problems(directory)).hasSize(1).allMatch(p -> p.contains("cannot be read"));
        Files.delete(directory.resolve("operators"));
        Files.write(directory.resolve("operators"), new byte[300_000]);
        assertThat(OperatorsFile.problems(directory)).hasSize(1).allMatch(p -> p.contains("more than 262144 bytes"));
        Files.write(directory.resolve("operators"), new byte[] {(byte) 0xff, 0, '\n', 'a'});
        assertThat(OperatorsFile.problems(directory)).hasSize(2);
    }
}
