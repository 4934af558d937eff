package io.dovetail.intake.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.verify.SecretFile;
import io.dovetail.counterpart.SftpDouble;
import io.dovetail.counterpart.SftpDouble.Lie;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.Handover;
import io.dovetail.intake.poll.Keeper;
import io.dovetail.ledger.Cursors.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of files on an SFTP server, whatever server and line do meanwhile. */
class SftpFolderTest {

    private static final Configuration CONFIGURATION = Configuration.read(Path.of("."), new Problems());
    private static final Instant NOON = Instant.parse("2026-05-18T12:00:00Z");
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

    @TempDir
    private Path root;

    private Path folder;
    private SftpDouble server;
    private final Map<String, String> secrets = new HashMap<>();
    private final List<Letter> stored = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Keeper keeper = new Keeper() {
        @Override
        public void store(List<Letter> letters) {
            stored.addAll(letters);
        }

        @Override
        public void keep(Cursor cursor) {}
    };

    @BeforeEach
    void startAServer() throws Exception {
        folder = Files.createDirectory(root.resolve("out"));
        server = new SftpDouble(root);
        secrets.put("edi-x12.folder", server.address("/out"));
        secrets.put("edi-x12.host-key", server.hostKey());
        secrets.put("edi-x12.key", server.privateKey());
        secrets.put("edi-x12.password", SftpDouble.PASSWORD);
    }

    @AfterEach
    void leaveNoConnection() throws IOException {
        try {
            await().atMost(Duration.ofSeconds(10)).until(() -> server.sessions() == 0);
        } finally {
            server.close();
        }
    }

    private FolderSource source(String marker, boolean byKey) {
        var login = new Login("edi-x12.host-key", byKey ? "edi-x12.key" : null, byKey ? null : "edi-x12.password");
        var ten = Duration.ofSeconds(10);
        var door = new FileDoor("edi-x12.sftp", "edi-x12.folder", login, "acme", ten, ten, marker, List.of());
        var route = new FileRoute() {
            @Override
            public FileDoor door() {
                return door;
            }

            @Override
            public Set<String> secrets() {
                return Set.of();
            }

            @Override
            public void take(JsonNode about, Handover file) {
                file.accept(MissingNode.getInstance());
            }
        };
        Connector connector = Objects.requireNonNull(CONFIGURATION.connector("edi-x12"));
        return new FolderSource(
                route,
                connector,
                // as the hub reads them
                name -> SecretFile.secrets(secrets.get(name)).getFirst(),
                (reason, about) -> refused.add(reason + " " + about));
    }

    private void look(FolderSource source) throws InterruptedException {
        source.read(keeper, null, NOON);
    }

    private Path put(String name, String content) throws IOException {
        var file = Files.write(folder.resolve(name), content.getBytes(UTF_8));
        return Files.setLastModifiedTime(file, FileTime.from(NOON.minusSeconds(60)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
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

    private static void hinders(ThrowingCallable what, String... words) {
        assertThatExceptionOfType(FailedException.class)
                .isThrownBy(what)
                .satisfies(e -> assertThat(e.failure().message()).contains(words));
    }

    @Test
    void takesFilesAndMovesThemOverThere() throws Exception {
        put("a.edi", X12.formatted(1));
        put("two.edi", X12.formatted(2) + X12.formatted(3));
        put("broken.edi", "ISA");
        put("later.edi.part", X12.formatted(4));
        look(source("", true));

        assertThat(ids()).containsExactly("a.edi", "two.edi#000000002", "two.edi#000000003");
        assertThat(stored.getFirst().body()).isEqualTo(X12.formatted(1).getBytes(UTF_8));
        assertThat(lying()).containsExactly("later.edi.part");
        assertThat(done()).containsExactly("20260518T120000.000Z-a.edi", "20260518T120000.000Z-two.edi");
        assertThat(refused).containsExactly("MALFORMED file broken.edi");
        var why = folder.resolve("refused/20260518T120000.000Z-broken.edi.txt");
        assertThat(Files.readString(why)).contains("broken.edi is not taken in");

        // with a password; and the next of that name takes nothing's place
        put("a.edi", X12.formatted(5));
        look(source("", false));
        assertThat(done()).hasSize(3);
    }

    @Test
    void takesAMarkersWordForIt() throws Exception {
        put("a.edi", X12.formatted(1));
        look(source(".done", true));
        assertThat(stored).isEmpty();
        put("a.edi.done", "");
        look(source(".done", true));
        assertThat(ids()).containsExactly("a.edi");
        assertThat(lying()).isEmpty();
    }

    /** Its marker is gone by then, and nothing else says that it is whole. */
    @ParameterizedTest
    @CsvSource({"true, done", "false, refused"})
    void endsWhatItBeganWithAMarker(boolean isGood, String where) throws Exception {
        put("a.edi", isGood ? X12.formatted(1) : "ISA");
        put("a.edi.done", "");
        server.cutMoves(true);
        var source = source(".done", true);
        hinders(() -> look(source), "a.edi: it cannot be moved");
        assertThat(lying()).containsExactly("a.edi");
        hinders(() -> look(source), "a.edi: it cannot be moved");
        server.cutMoves(false);
        look(source);
        assertThat(lying()).isEmpty();
        assertThat(names(folder.resolve(where))).anyMatch(name -> name.endsWith("-a.edi"));
        assertThat(ids()).hasSize(isGood ? 1 : 0);
        assertThat(refused).hasSize(isGood ? 0 : 1);
    }

    @Test
    void storesNothingOfAFileWhoseLineIsCut() throws Exception {
        var large = new StringBuilder();
        for (var i = 0; i < 4000; i++) {
            large.append(X12.formatted(i));
        }
        put("large.edi", large.toString());
        server.cutReadsAt(500_000);
        hinders(() -> look(source("", true)), "large.edi");
        assertThat(stored).isEmpty();
        assertThat(refused).isEmpty();
        assertThat(lying()).containsExactly("large.edi");

        server.cutReadsAt(Long.MAX_VALUE);
        look(source("", true));
        assertThat(stored).hasSize(4000);
        assertThat(done()).hasSize(1);
    }

    @Test
    void offersAgainUnderTheSameIdWhatCouldNotBeMovedBeforeACrash() throws Exception {
        put("a.edi", X12.formatted(1));
        server.cutMoves(true);
        var source = source("", true);
        hinders(() -> look(source), "a.edi: it cannot be moved");
        assertThat(lying()).containsExactly("a.edi");
        server.cutMoves(false);

        // another process remembers nothing of it
        look(source("", true));
        assertThat(ids()).containsExactly("a.edi", "a.edi");
        assertThat(stored.getLast().body()).isEqualTo(stored.getFirst().body());
        assertThat(done()).hasSize(1);
    }

    @Test
    void doesNotOfferAgainWhatItStoredItself() throws Exception {
        put("a.edi", X12.formatted(1));
        server.cutMoves(true);
        var source = source("", true);
        hinders(() -> look(source), "a.edi");
        server.cutMoves(false);
        look(source);
        assertThat(ids()).containsExactly("a.edi");
        assertThat(done()).hasSize(1);
    }

    /** A server that somebody else has taken over must not take the hub along. */
    @ParameterizedTest
    @CsvSource({"MANY_ATTRIBUTES, it cannot be looked at", "LONG_NAMES, names of more than 1024 characters"})
    void makesNoRoomForWhatAServerOnlyAnnounces(Lie lie, String expected) throws Exception {
        look(source("", true));
        put("a.edi", X12.formatted(1));
        server.lie(lie);
        hinders(() -> look(source("", true)), expected);
        server.lie(null);
        look(source("", true));
        assertThat(ids()).containsExactly("a.edi");
    }

    @Test
    void speaksToNoServerWithAnotherKey() throws Exception {
        put("a.edi", X12.formatted(1));
        try (var other = new SftpDouble(root)) {
            secrets.put("edi-x12.host-key", other.hostKey());
            hinders(
                    () -> look(source("", false)),
                    "has another key than the secret edi-x12.host-key says",
                    "ask its owner");
        }
        secrets.put("edi-x12.host-key", server.hostKey().replace("ecdsa-sha2-nistp256", "ssh-ed25519"));
        hinders(() -> look(source("", false)), "has no key of the kind that the secret edi-x12.host-key holds");
        assertThat(lying()).containsExactly("a.edi");
        assertThat(folder.resolve("done")).doesNotExist();
    }

    @Test
    void saysThatItIsNotLetIn() throws Exception {
        server.letNobodyIn();
        hinders(() -> look(source("", true)), "does not let hub in; see to the secret edi-x12.key");
        hinders(() -> look(source("", false)), "see to the secret edi-x12.password");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "folder | /srv/in | is not the address of a folder, as sftp://hub@files.acme.example/out",
                "folder | sftp://hub:Sesame@files.acme.example/out | without a password",
                "folder | sftp://hub@127.0.0.1:1/out | cannot be reached",
                "host-key | ssh-keyscan failed | is no key of a server, as ssh-keyscan prints it",
                "host-key | ssh-ed25519 AAAA=== | is no key of a server",
                "key | Sesame | is no private key",
            })
    void saysWhatIsWrongWithASecret(String secret, String text, String expected) {
        secrets.put("edi-x12." + secret, text);
        hinders(() -> look(source("", true)), expected);
    }

    @Test
    void saysThatTheFolderIsNotThere() throws Exception {
        secrets.put("edi-x12.folder", server.address("/nowhere"));
        hinders(() -> look(source("", true)), "has no folder /nowhere; make it, or mend the secret edi-x12.folder");
        Files.writeString(folder.resolve("done"), "in its way");
        secrets.put("edi-x12.folder", server.address("/out"));
        hinders(() -> look(source("", true)), "what is named done in it is no folder");
    }

    @Test
    void followsNoLinksAndNoPatterns(@TempDir Path elsewhere) throws Exception {
        var secret = Files.writeString(elsewhere.resolve("secret.edi"), X12.formatted(1));
        Files.setLastModifiedTime(secret, FileTime.from(NOON.minusSeconds(60)));
        Files.createSymbolicLink(folder.resolve("link.edi"), secret);
        put("a*.edi", X12.formatted(2));
        put("ab.edi", X12.formatted(3));
        put("c?\\d.edi", X12.formatted(4));
        try {
            look(source("", true));
        } catch (FailedException e) {
            // where a server shows the file behind a link, the link is left alone
            assertThat(e.failure().message()).contains("link.edi: ");
        }
        assertThat(ids()).containsExactlyInAnyOrder("a*.edi", "ab.edi", "c?\\d.edi");
        assertThat(stored.get(ids().indexOf("a*.edi")).body())
                .isEqualTo(X12.formatted(2).getBytes(UTF_8));
        assertThat(secret).exists();
        assertThat(done()).hasSize(3);
    }
}
