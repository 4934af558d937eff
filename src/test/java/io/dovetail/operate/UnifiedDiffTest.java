package io.dovetail.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {

    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@");

    private static String diff(@Nullable String before, @Nullable String after) {
        return String.valueOf(UnifiedDiff.of(
                "a.txt", before == null ? null : before.getBytes(UTF_8), after == null ? null : after.getBytes(UTF_8)));
    }

    @Test
    void showsAChangeWithWhatIsAroundIt() {
        assertThat(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"))
                .isEqualTo("""
                        --- a/a.txt
                        +++ b/a.txt
                        @@ -2,7 +2,7 @@
                         2
                         3
                         4
                        -5
                        +five
                         6
                         7
                         8
                        """);
    }

    @Test
    void showsWhatCameAndWhatWent() {
        assertThat(diff(null, "1\n2\n")).isEqualTo("--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,2 @@\n+1\n+2\n");
        assertThat(diff("1\n", null)).isEqualTo("--- a/a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n");
        assertThat(diff("1\n2", "1\n2\n")).endsWith("@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+2\n");
    }

    @Test
    void isNotMadeOfWhatIsNoText() {
        assertThat(UnifiedDiff.of("a", new byte[] {(byte) 0xff}, new byte[0])).isNull();
    }

    /** A file of a million lines that all change is said to be another, at once and in little memory. */
    @Test
    void doesNotCompareEverythingWithEverything() {
        var diff = diff("a\n".repeat(100_000), "b\n".repeat(100_000));
        assertThat(diff)
                .startsWith("--- a/a.txt\n+++ b/a.txt\n@@ -1,100000 +1,100000 @@\n-a\n")
                .endsWith("+b\n");
    }

    /** Whatever changes: who follows the diff gets from the one to the other. */
    @Test
    void leadsFromTheOneToTheOther() {
        var random = new Random(4711);
        for (var round = 0; round < 500; round++) {
            var before = text(random);
            var after = new ArrayList<>(before);
            for (var changes = random.nextInt(6); changes > 0; changes--) {
                if (!after.isEmpty() && random.nextBoolean()) {
                    after.remove(random.nextInt(after.size()));
                } else {
                    after.add(random.nextInt(after.size() + 1), "x" + random.nextInt(3));
                }
            }
            var diff = diff(joined(before), joined(after));
            assertThat(applied(before, diff)).as(diff).isEqualTo(after);
        }
    }

    private static List<String> text(Random random) {
        var lines = new ArrayList<String>();
        for (var n = random.nextInt(40); n > 0; n--) {
            lines.add("x" + random.nextInt(5));
        }
        return lines;
    }

    private static String joined(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static List<String> applied(List<String> before, String diff) {
        var result = new ArrayList<String>();
        var at = 0;
        for (var line : diff.lines().skip(2).toList()) {
            var hunk = HUNK.matcher(line);
            if (hunk.matches()) {
                var first = Integer.parseInt(hunk.group(1)) - ("0".equals(hunk.group(2)) ? 0 : 1);
                result.addAll(before.subList(at, first));
                at = first;
                assertThat(result).hasSize(Integer.parseInt(hunk.group(3)) - ("0".equals(hunk.group(4)) ? 0 : 1));
            } else if (line.startsWith("+")) {
                result.add(line.substring(1));
            } else {
                assertThat(before.get(at++)).isEqualTo(line.substring(1));
                if (line.startsWith(" ")) {
                    result.add(line.substring(1));
                }
            }
        }
        result.addAll(before.subList(at, before.size()));
        return result;
    }

    @Test
    void namesTheFilesThatDiffer() {
        var before = Map.of("a", bytes("1\n"), "b", bytes("same\n"), "c", bytes("gone\n"));
        var after = Map.of("a", bytes("2\n"), "b", bytes("same\n"), "d", bytes("new\n"));
        assertThat(VersionDiff.between(before, after))
                .extracting(VersionDiff.FileDiff::path, VersionDiff.FileDiff::change)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", "changed"),
                        org.assertj.core.groups.Tuple.tuple("c", "removed"),
                        org.assertj.core.groups.Tuple.tuple("d", "added"));
        // of more than fits into an answer, the files are named
        var much = Map.of("a", bytes("x\n".repeat(900_000)), "b", bytes("x\n".repeat(900_000)));
        assertThat(VersionDiff.between(Map.of(), much))
                .extracting(file -> file.diff() == null)
                .containsExactly(false, true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
