package io.dovetail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

@Isolated
class BenchTest {

    @TempDir
    Path data;

    @Test
    void measuresAHubAndItsDatabase() throws Exception {
        var printed = new ByteArrayOutputStream();
        var status = new CommandLine(new Bench(
                        new PrintStream(printed, true, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream())))
                .execute("--seconds", "2", "--warmup", "2", "--json", "--data", data.toString());
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
}
