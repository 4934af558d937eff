package io.dovetail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class BenchTest {

    @TempDir
    static Path data;

    private int bench(ByteArrayOutputStream printed, String... options) {
        return Bench.commandLine(
                        new PrintStream(printed, true, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream()))
                .execute(Stream.concat(Stream.of(options), Stream.of("--json", "--data", data.toString()))
                        .toArray(String[]::new));
    }

    @Test
    void measuresAHubAndItsDatabase() throws Exception {
        var printed = new ByteArrayOutputStream();
        var status = bench(printed, "--seconds", "2", "--warmup", "2");
        var report = new ObjectMapper().readTree(printed.toByteArray());
        assertThat(status).as("%s", report).isZero();
        for (var name : new String[] {
            "acceptedPerSecond",
            "publishedPerSecond",
            "acceptP50Millis",
            "acceptP99Millis",
            "endToEndP99Millis",
            "rssMiB",
            "singleRowFloorPerSecond",
            "batchFloorPerSecond"
        }) {
            assertThat(report.path(name).asDouble()).as(name).isPositive();
        }
        assertThat(report.path("triggersPerSecond").asDouble()).isPositive();
        assertThat(report.path("refused").asLong()).as("%s", report).isZero();
        assertThat(report.path("lost").asLong(-1)).isZero();
        assertThat(report.path("booksDifference").asLong(-1)).isZero();
    }

    @Test
    void measuresWhatErpSystemsSendBesideJson() throws Exception {
        var printed = new ByteArrayOutputStream();
        var status = bench(printed, "--mix", "idoc,x12", "--seconds", "1", "--warmup", "1", "--connections", "8");
        var report = new ObjectMapper().readTree(printed.toByteArray());
        assertThat(status).as("%s", report).isZero();
        assertThat(report.at("/mix/name").asText()).isEqualTo("idoc,x12");
        for (var load : new String[] {"/base", "/mix"}) {
            for (var name :
                    new String[] {"/publishedPerSecond", "/acceptP50Millis", "/acceptP99Millis", "/endToEndP99Millis"
                    }) {
                assertThat(report.at(load + name).asDouble()).as(load + name).isPositive();
            }
            // what was sent when is read from orders' numbers and times alike
            assertThat(report.at(load + "/endToEndP99Millis").asDouble()).isLessThan(60_000);
        }
        assertThat(report.path("ratioToJson").asDouble()).isPositive();
    }
}
