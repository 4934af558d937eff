package io.dovetail.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.counterpart.SftpDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes take files from folders, in a running hub. */
@ExtendWith(SharedHub.class)
class FilesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Hub hub;

    FilesTest(Hub hub) {
        this.hub = hub;
    }

    private static String sample(String place) throws IOException {
        return Files.readString(Path.of("connectors", place), ISO_8859_1);
    }

    private static void put(Path folder, String name, String content) throws IOException {
        var file = Files.writeString(folder.resolve(name), content, ISO_8859_1);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void opens(String connector, Path folder) throws IOException {
        Files.writeString(hub.secrets().resolve(connector + ".folder"), folder + "\n");
    }

    private List<JsonNode> published(String order) {
        return hub.get("/api/timeline?key=" + order)
                .json()
                .path("events")
                .valueStream()
                .filter(event -> event.path("state").asText().equals("published"))
                .toList();
    }

    private String polls() {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/polls/details")
                .toString();
    }

    @Test
    void tellsEveryOrderOnceOfWhateverLiesThere(@TempDir Path sap, @TempDir Path x12, @TempDir Path edifact)
            throws Exception {
        await().atMost(PATIENCE).until(() -> polls().contains("off until the secrets directory has sap-idoc.folder"));
        var number = Bodies.number();
        var other = Bodies.number();
        var orders = sample("sap-idoc/samples/composite/delivery.xml")
                .replace("4500017430", number)
                .replace("0000000000719", "%013d".formatted(Long.parseLong(number) % 10_000_000_000_000L));
        put(sap, "orders.xml", orders);
        put(sap, "refused.xml", orders.replace("</ORDERS05>", ""));
        put(edifact, "two.edi", Bodies.edifactOrder(number + "1") + Bodies.edifactOrder(number + "2"));
        put(
                x12,
                "order.edi",
                sample("edi-x12/samples/order-placed/delivery.edi")
                        .replace("0004711", other)
                        .replace("000000905", other.substring(other.length() - 9)));
        opens("sap-idoc", sap);
        opens("edi-edifact", edifact);
        opens("edi-x12", x12);

        await().atMost(PATIENCE).until(() -> published(number), events -> !events.isEmpty());
        await().atMost(PATIENCE).until(() -> published(number + "2"), events -> !events.isEmpty());
        await().atMost(PATIENCE).until(() -> published(other), events -> !events.isEmpty());
        assertThat(published(number + "1")).hasSize(1);
        await().atMost(PATIENCE).until(() -> names(sap.resolve("refused")).size() == 2);
        hub.awaitRefusal("sap-idoc/default", "delivery-refused", "malformed");
        assertThat(names(sap.resolve("done"))).hasSize(1).allMatch(name -> name.endsWith("-orders.xml"));
        assertThat(names(sap)).containsExactly("done", "refused");

        // as after a crash between the store and the move: it is known, and moved
        put(edifact, "two.edi", Bodies.edifactOrder(number + "1") + Bodies.edifactOrder(number + "2"));
        await().atMost(PATIENCE).until(() -> names(edifact.resolve("done")).size() == 2);
        assertThat(published(number + "2")).hasSize(1);
        assertThat(book("edi-edifact").at("/deliveries/duplicate").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(book("edi-edifact").path("difference").asInt()).isZero();
        await().atMost(PATIENCE).until(() -> !polls().contains("sap-idoc.files"));
        assertThat(hub.get("/api/polls").text()).contains("\"poll\":\"sap-idoc.files\"");
    }

    @Test
    void tellsAnOrderThatLiesOnAnSftpServer(@TempDir Path server) throws Exception {
        var number = Bodies.number();
        var folder = Files.createDirectory(server.resolve("out"));
        put(
                folder,
                "order.edi",
                sample("edi-x12/samples/order-placed/delivery.edi")
                        .replace("0004711", number)
                        .replace("000000905", number.substring(number.length() - 9)));
        try (var sftp = new SftpDouble(server)) {
            var secrets = hub.secrets();
            Files.writeString(secrets.resolve("edi-x12.sftp-host-key"), sftp.hostKey());
            Files.writeString(secrets.resolve("edi-x12.sftp-private-key"), sftp.privateKey());
            Files.writeString(secrets.resolve("edi-x12.sftp-folder"), sftp.address("/out"));
            await().atMost(PATIENCE).until(() -> published(number), events -> !events.isEmpty());
            await().atMost(PATIENCE).until(() -> names(folder).equals(List.of("done", "refused")));
            assertThat(names(folder.resolve("done"))).hasSize(1).allMatch(name -> name.endsWith("-order.edi"));
        }
    }

    @AfterEach
    void shutsThem() throws IOException {
        for (var secret : List.of("sftp-folder", "sftp-host-key", "sftp-private-key")) {
            Files.deleteIfExists(hub.secrets().resolve("edi-x12." + secret));
        }
        for (var connector : List.of("sap-idoc", "edi-x12", "edi-edifact")) {
            Files.deleteIfExists(hub.secrets().resolve(connector + ".folder"));
        }
    }

    private JsonNode book(String connector) {
        return hub.get("/api/books")
                .json()
                .valueStream()
                .filter(book -> book.path("connector").asText().equals(connector))
                .findFirst()
                .orElseThrow();
    }
}
