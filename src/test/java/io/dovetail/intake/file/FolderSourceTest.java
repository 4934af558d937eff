package io.dovetail.intake.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Webhook;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.Handover;
import io.dovetail.intake.poll.Keeper;
import io.dovetail.ledger.Cursors.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of files in a folder, whoever writes there and whatever happens meanwhile. */
class FolderSourceTest {

    private static final Configuration CONFIGURATION = Configuration.read(Path.of("."), new Problems());
    private static final Instant NOON = Instant.parse("2026-05-18T12:00:00Z");
    private static final String IDOC = """
            <IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><DOCNUM>%016d</DOCNUM><MESTYP>ORDERS</MESTYP></EDI_DC40></IDOC>
            """;
    private static final String X12 =
            "ISA*00*          *00*          *ZZ*HALDEN         *ZZ*DOVETAIL       *260518*0915*U*00401*%09d*1*P*>~"
                    + """
            GS*PO*HALDEN*DOVETAIL*20260518*0915*905*X*004010~
            ST*850*0001~
            BEG*00*SA*4711**20260518~
            SE*3*0001~
            GE*1*905~
            IEA*1*%<09d~
            """;
    private static final String EDIFACT = """
            UNB+UNOC:3+4012345000009:14+4098765000003:14+260518:0915+%d'
            UNH+1+ORDERS:D:96A:UN'
            BGM+220+M\u00fcller+9'
            UNT+3+1'
            UNZ+1+%<d'
            """;

    @TempDir
    private Path folder;

    private final List<Letter> stored = new ArrayList<>();
    private final List<Cursor> kept = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<JsonNode> seen = new ArrayList<>();
    private int most = Integer.MAX_VALUE;

    /** The hub dies, and nothing that it had begun is ended. */
    private static final class Killed extends Error {}

    private final Keeper keeper = new Keeper() {
        @Override
        public void store(List<Letter> letters) {
            for (var letter : letters) {
                if (stored.size() >= most) {
                    throw new Killed();
                }
                stored.add(letter);
            }
        }

        @Override
        public void keep(Cursor cursor) {
            kept.add(cursor);
        }
    };

    private static Connector connector(String name) {
        return Objects.requireNonNull(CONFIGURATION.connector(name));
    }

    private static Connector small(String name, int maxBytes) {
        var c = connector(name);
        var w = c.webhook();
        return new Connector(
                c.name(),
                c.title(),
                c.kind(),
                c.retention(),
                new Webhook(w.verify(), null, false, w.media(), maxBytes),
                null,
                null,
                null,
                c.codec(),
                c.split(),
                c.claimedSender(),
                c.events(),
                c.ordered(),
                null,
                null);
    }

    private FolderSource source(Connector connector, String marker) {
        var door = new FileDoor(
                connector.name() + ".files",
                connector.name() + ".folder",
                null,
                "acme",
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                marker,
                List.of("EDI_DC40", "DOCNUM"));
        var route = new FileRoute() {
            @Override
            public FileDoor door() {
                return door;
            }

            @Override
            public Set<String> secrets() {
                return Set.of(door.folder());
            }

            @Override
            public void take(JsonNode about, Handover file) {
                seen.add(about);
                file.accept(MissingNode.getInstance());
            }
        };
        return new FolderSource(
                route, connector, name -> folder.toString(), (reason, about) -> refused.add(reason + " " + about));
    }

    private void look(FolderSource source) throws InterruptedException {
        source.read(keeper, null, NOON);
    }

    private void look(String connector) throws InterruptedException {
        look(source(connector(connector), ""));
    }

    /** As of a while ago. */
    private Path put(String name, String content) throws IOException {
        return put(name, content.getBytes(ISO_8859_1), 60);
    }

    private Path put(String name, byte[] content, int secondsAgo) throws IOException {
        var file = Files.write(folder.resolve(name), content);
        return age(file, secondsAgo);
    }

    private static Path age(Path file, int secondsAgo) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(NOON.minusSeconds(secondsAgo)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(
                            file -> Files.isRegularFile(file) || !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private List<String> lying() throws IOException {
        return names(folder);
    }

    private List<String> done() throws IOException {
        return names(folder.resolve("done"));
    }

    private List<String> ids() {
        return stored.stream().map(Letter::id).toList();
    }

    /** The only text beside what was refused. */
    private String why() throws IOException {
        var names = names(folder.resolve("refused"));
        assertThat(names).hasSize(2);
        assertThat(names.getLast()).isEqualTo(names.getFirst() + ".txt");
        return Files.readString(folder.resolve("refused").resolve(names.getLast()));
    }

    private static String idocs(int from, int to) {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ORDERS05>");
        IntStream.range(from, to).forEach(i -> text.append(IDOC.formatted(i)));
        return text.append("</ORDERS05>").toString();
    }

    private static void hinders(ThrowingCallable what, String... words) {
        assertThatExceptionOfType(FailedException.class)
                .isThrownBy(what)
                .satisfies(e -> assertThat(e.failure().message()).contains(words));
    }

    @Test
    void takesTheOldestFirstAndMovesThemToDone() throws Exception {
        put("b.edi", X12.formatted(1).getBytes(UTF_8), 90);
        put("a.edi", X12.formatted(2).getBytes(UTF_8), 30);
        look("edi-x12");
        assertThat(ids()).containsExactly("b.edi", "a.edi");
        assertThat(stored.getFirst().body()).isEqualTo(X12.formatted(1).getBytes(UTF_8));
        assertThat(stored)
                .allMatch(letter -> letter.sender().equals("acme")
                        && !letter.signed()
                        && letter.media().startsWith("application/edi"));
        assertThat(lying()).isEmpty();
        assertThat(done()).containsExactly("20260518T120000.000Z-a.edi", "20260518T120000.000Z-b.edi");
        assertThat(kept).containsExactly(new Cursor("{}", NOON));
        assertThat(seen.getFirst().path("size").asLong())
                .isEqualTo(X12.formatted(1).length());

        // the next of that name in the same moment takes nothing's place
        put("a.edi", X12.formatted(3));
        look("edi-x12");
        assertThat(done()).hasSize(3);
    }

    @Test
    void makesADeliveryOfEachPiece() throws Exception {
        put("orders.xml", idocs(4711, 4714));
        look("sap-idoc");
        assertThat(ids())
                .containsExactly(
                        "orders.xml#0000000000004711", "orders.xml#0000000000004712", "orders.xml#0000000000004713");
        put("two.edi", EDIFACT.formatted(8) + EDIFACT.formatted(9));
        look("edi-edifact");
        assertThat(ids()).endsWith("two.edi#8", "two.edi#9");
        assertThat(stored.getLast().body())
                .isEqualTo(EDIFACT.formatted(9).strip().getBytes(ISO_8859_1));
        assertThat(done()).hasSize(2);
    }

    @Test
    void cutsWhatIsLargerThanADeliveryMayBe() throws Exception {
        var connector = small("sap-idoc", 400);
        put("orders.xml", idocs(0, 1000));
        look(source(connector, ""));
        assertThat(stored).hasSize(1000).allMatch(letter -> letter.body().length < 400);
        assertThat(Set.copyOf(ids())).hasSize(1000);

        stored.clear();
        put("large.xml", idocs(0, 3).replace("<MESTYP>ORDERS", "<MESTYP>" + "X".repeat(400)));
        put("other.xml", "<ORDERS05>" + " ".repeat(400) + "</ORDERS05>");
        look(source(connector, ""));
        assertThat(stored).isEmpty();
        assertThat(refused).containsExactly("MALFORMED file large.xml", "TOO_LARGE file other.xml");
    }

    @Test
    void waitsUntilAFileIsWhole() throws Exception {
        put("growing.edi", X12.formatted(1).getBytes(UTF_8), 9);
        put("named.edi.part", X12.formatted(2));
        put("Named.EDI.FILEPART", X12.formatted(2));
        put(".hidden", X12.formatted(2));
        Files.createDirectory(folder.resolve("folder"));
        look("edi-x12");
        assertThat(stored).isEmpty();
        assertThat(lying()).hasSize(4);
        put("growing.edi", X12.formatted(1).getBytes(UTF_8), 10);
        look("edi-x12");
        assertThat(ids()).containsExactly("growing.edi");
    }

    @Test
    void takesAMarkersWordForIt() throws Exception {
        var source = source(connector("edi-x12"), ".done");
        put("a.edi", X12.formatted(1).getBytes(UTF_8), 0);
        put("broken.edi", "ISA".getBytes(UTF_8), 0);
        put("broken.edi.done", new byte[0], 0);
        look(source);
        assertThat(stored).isEmpty();
        put("a.edi.done", new byte[0], 0);
        look(source);
        assertThat(ids()).containsExactly("a.edi");
        assertThat(lying()).isEmpty();
        assertThat(why()).contains("broken.edi is not taken in");
    }

    /** As a hub leaves it that dies between taking the marker and moving the file. */
    @Test
    void tellsOfAFileThatWaitsForItsMarkerInVain() throws Exception {
        var source = source(connector("edi-x12"), ".done");
        put("a.edi", X12.formatted(1).getBytes(UTF_8), 3600);
        look(source);
        put("a.edi", X12.formatted(1).getBytes(UTF_8), 3601);
        put("b.edi", X12.formatted(2).getBytes(UTF_8), 0);
        put("b.edi.done", new byte[0], 0);
        hinders(() -> look(source), "a.edi: its marker a.edi.done has not come", "./hub timeline a.edi");
        assertThat(ids()).containsExactly("b.edi");
    }

    @Test
    void offersAgainAfterACrashWhatIsKnownThen() throws Exception {
        put("orders.xml", idocs(0, 3));
        most = 2;
        assertThatExceptionOfType(Killed.class).isThrownBy(() -> look("sap-idoc"));
        assertThat(lying()).containsExactly("orders.xml");
        var before = List.copyOf(stored);
        stored.clear();
        most = Integer.MAX_VALUE;
        look("sap-idoc");
        assertThat(stored).hasSize(3);
        for (var i = 0; i < before.size(); i++) {
            assertThat(stored.get(i).id()).isEqualTo(before.get(i).id());
            assertThat(stored.get(i).body()).isEqualTo(before.get(i).body());
        }
    }

    @Test
    void doesNotOfferAgainWhatCouldNotBeMoved() throws Exception {
        var source = source(connector("edi-x12"), "");
        look(source);
        put("a.edi", X12.formatted(1));
        // whoever may write there may do this, too: between the store and the move
        var inHand = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                stored.addAll(letters);
                try {
                    Files.move(folder.resolve("done"), folder.resolve("gone"));
                    Files.delete(folder.resolve("gone"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void keep(Cursor cursor) {}
        };
        hinders(() -> source.read(inHand, null, NOON), "a.edi: ");
        assertThat(lying()).containsExactly("a.edi");
        look(source);
        assertThat(ids()).containsExactly("a.edi");
        assertThat(done()).hasSize(1);
    }

    @Test
    void leavesAFileThatChangesWhileItIsRead() throws Exception {
        var file = put("orders.xml", idocs(0, 3));
        var source = source(connector("sap-idoc"), "");
        var writes = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                try {
                    Files.writeString(file, idocs(0, 4));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void keep(Cursor cursor) {}
        };
        hinders(() -> source.read(writes, null, NOON), "orders.xml", "has changed meanwhile");
        age(file, 60);
        look(source);
        assertThat(stored).hasSize(4);
    }

    /** In the moment between the last look at it and the move. */
    @Test
    void putsBackWhatHasComeInAFilesPlace() throws Exception {
        put("a.edi", X12.formatted(1));
        try (var open = LocalFolder.open(folder)) {
            var found = open.list().getFirst();
            Files.move(put("b.edi", X12.formatted(2)), folder.resolve("a.edi"), StandardCopyOption.REPLACE_EXISTING);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> open.moveToDone(found, NOON))
                    .withMessageContaining("another file has come in its place");
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> open.moveToRefused(found, "why", NOON));
        }
        assertThat(names(folder.resolve("refused"))).isEmpty();
        look("edi-x12");
        assertThat(stored.getFirst().body()).isEqualTo(X12.formatted(2).getBytes(UTF_8));
    }

    @Test
    void storesNothingOfAFileThatCannotBeReadToItsEnd() throws Exception {
        put("cut.xml", idocs(0, 300).replace("</ORDERS05>", "<IDOC>"));
        look("sap-idoc");
        assertThat(stored).isEmpty();
        assertThat(refused).containsExactly("MALFORMED file cut.xml");
        assertThat(why())
                .contains(
                        "cut.xml is not taken in, and nothing of it is.",
                        "it ends in the middle of the document",
                        "What to do",
                        "connector sap-idoc, sender acme, route sap-idoc.files");
    }

    @Test
    void saysWhichOfManyIsWrong() throws Exception {
        put("two.edi", EDIFACT.formatted(8) + EDIFACT.formatted(9).replace("UNZ+1", "UNZ+2"));
        look("edi-edifact");
        assertThat(stored).isEmpty();
        assertThat(why()).contains("In no. 2 of it (9), with lines counted from there: ", "line 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "<ORDERS05>", "not at all"})
    void refusesWhatIsNothing(String content) throws Exception {
        put("a.xml", content);
        look("sap-idoc");
        assertThat(stored).isEmpty();
        assertThat(lying()).isEmpty();
        assertThat(why()).contains("a.xml is not taken in");
    }

    @Test
    void followsNoLinksAndNoNames(@TempDir Path elsewhere) throws Exception {
        var secret = Files.writeString(elsewhere.resolve("secret.edi"), X12.formatted(1));
        Files.createSymbolicLink(folder.resolve("link.edi"), secret);
        put("new\nline\u001b[31m.edi", X12.formatted(2));
        put("..edi..", X12.formatted(3));
        put("-rf $(x).edi", X12.formatted(4));
        look("edi-x12");
        assertThat(ids()).containsExactly("-rf $(x).edi");
        assertThat(secret).exists();
        assertThat(lying()).containsExactly("..edi..");
        assertThat(done()).containsExactly("20260518T120000.000Z--rf___x_.edi");
        assertThat(names(folder.resolve("refused")))
                .containsExactlyInAnyOrder(
                        "20260518T120000.000Z-link.edi",
                        "20260518T120000.000Z-link.edi.txt",
                        "20260518T120000.000Z-new_line__31m.edi",
                        "20260518T120000.000Z-new_line__31m.edi.txt");
        assertThat(folder.resolve("refused/20260518T120000.000Z-link.edi")).isSymbolicLink();
        assertThat(refused).allMatch(text -> !text.contains("\n"));
    }

    @Test
    void writesNowhereElse(@TempDir Path elsewhere) throws Exception {
        put("a.edi", X12.formatted(1));
        Files.createSymbolicLink(folder.resolve("done"), elsewhere);
        hinders(() -> look("edi-x12"), "edi-x12.folder");
        assertThat(stored).isEmpty();
        assertThat(names(elsewhere)).isEmpty();
    }

    @Test
    void goesOnWhenTheFolderIsBack() throws Exception {
        var gone = folder.resolveSibling(folder.getFileName() + "-gone");
        var source = source(connector("edi-x12"), "");
        put("a.edi", X12.formatted(1));
        Files.move(folder, gone);
        hinders(() -> look(source), "is not there; make it, or mount it");
        assertThat(folder).doesNotExist();
        Files.move(gone, folder);
        look(source);
        assertThat(ids()).containsExactly("a.edi");
    }

    @Test
    void takesTheOthersWhenOneCannotBe() throws Exception {
        put("a.edi", X12.formatted(1).getBytes(UTF_8), 60);
        put("b.edi", X12.formatted(2).getBytes(UTF_8), -3600);
        hinders(() -> look("edi-x12"), "b.edi: it is said to have changed at 2026-05-18T13:00:00Z", "set the clock");
        assertThat(ids()).containsExactly("a.edi");
        assertThat(kept).isEmpty();
    }

    @Test
    void stopsInTheMiddleWhenItIsTold() throws Exception {
        put("a.edi", X12.formatted(1));
        put("b.edi", X12.formatted(2));
        var away = new Keeper() {
            @Override
            public void store(List<Letter> letters) throws InterruptedException {
                throw new InterruptedException();
            }

            @Override
            public void keep(Cursor cursor) {}
        };
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> source(connector("edi-x12"), "").read(away, null, NOON));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lying()).containsExactly("a.edi", "b.edi");
    }

    @Test
    void keepsNamesShortEnoughToBeIds() throws Exception {
        var name = "n".repeat(240) + ".edi";
        put(name, X12.formatted(1) + X12.formatted(2));
        look("edi-x12");
        assertThat(ids())
                .hasSize(2)
                .allMatch(id -> id.length() <= Letter.MAX_ID && id.matches("n{183}~[0-9a-f]{16}#.*"));
        assertThat(done().getFirst()).hasSizeLessThan(210).endsWith("nnn.edi");
    }
}
