package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.check.Tree;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.RemoteQueue;
import io.dovetail.connector.RemoteQueue.Login;
import io.dovetail.intake.Letter;
import io.dovetail.ledger.Acceptance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.message.JmsBytesMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue of another broker, which is read with tokens that end, over a line that is cut. */
class RemoteQueueSourceTest {

    @TempDir
    Path root;

    private final Map<String, String> secrets = new HashMap<>();
    private final HttpNetwork network = new HttpNetwork();
    private final Callers callers = new Callers(network, this::secret, Clock.systemUTC(), new SimpleMeterRegistry());
    private Configuration configuration;
    private MeshDouble mesh;
    private RemoteQueueSource source;

    @BeforeEach
    void startAMesh() throws Exception {
        Tree.of(root, "sap-s4");
        var yaml = root.resolve("connectors/sap-s4/connector.yaml");
        Files.writeString(
                yaml, Files.readString(yaml).replace("intake:\n", "intake:\n  remoteQueue: { login: oauth2 }\n"));
        var problems = new Problems();
        configuration = Configuration.read(root, problems);
        assertThat(problems.list()).isEmpty();
        mesh = new MeshDouble();
        secrets.put("sap-s4.queue-url", mesh.url());
        secrets.put("sap-s4.queue-name", MeshDouble.QUEUE);
        secrets.put("sap-s4.queue-client-id", "sb-hub");
        secrets.put("sap-s4.queue-client-secret", "Sesame");
        secrets.put("sap-s4.queue-token-url", mesh.tokenUrl());
        source = source(configuration.connector("sap-s4").remoteQueue());
    }

    @AfterEach
    void stop() {
        source.close();
        mesh.close();
        network.close();
    }

    private String secret(String name) throws IOException {
        if (!secrets.containsKey(name)) {
            throw new IOException("the secret " + name + " cannot be read: NoSuchFileException");
        }
        return secrets.get(name);
    }

    private RemoteQueueSource source(RemoteQueue queue) {
        return new RemoteQueueSource(
                "sap-s4", queue, () -> configuration, new RemoteQueueClient("sap-s4", queue, callers, this::secret));
    }

    private interface Maker {
        Message make(Session session) throws Exception;
    }

    private void send(Maker... makers) throws Exception {
        var factory = new JmsConnectionFactory("amqp://127.0.0.1:" + mesh.port());
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            var producer = session.createProducer(session.createQueue(MeshDouble.QUEUE));
            for (var maker : makers) {
                producer.send(maker.make(session));
            }
        }
    }

    private void send(String... texts) throws Exception {
        for (var text : texts) {
            send(session -> {
                var message = session.createBytesMessage();
                message.writeBytes(text.getBytes(UTF_8));
                return message;
            });
        }
    }

    private static List<String> bodies(List<Letter> letters) {
        return letters.stream().map(letter -> new String(letter.body(), UTF_8)).toList();
    }

    /** As soon as so many are there, of a link that is open. */
    private List<Letter> take(int count) throws Exception {
        await().until(() -> source.waiting() == count);
        var letters = source.take();
        assertThat(letters).hasSize(count);
        return letters;
    }

    /** One look after the other, each of them settled. */
    private List<Letter> takeAll(int count) {
        var letters = new ArrayList<Letter>();
        await().until(() -> {
            var some = source.take();
            letters.addAll(some);
            settle(some.size());
            return letters.size() == count;
        });
        return letters;
    }

    private void openTheLink() throws Exception {
        assertThat(source.take()).isEmpty();
    }

    private void settle(int count) {
        source.settle(Collections.nCopies(count, new Acceptance.Accepted(UUID.randomUUID())));
    }

    @Test
    void acknowledgesWhatIsStoredAndNothingElse() throws Exception {
        openTheLink();
        send("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        var letters = take(3);
        assertThat(bodies(letters)).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        assertThat(letters).allMatch(letter -> letter.sender().equals("default") && !letter.signed());
        assertThat(mesh.waiting()).isEqualTo(3);
        settle(2);
        await().until(() -> mesh.waiting() == 1);
        // what is not stored yet is offered before anything else
        send("{\"n\":4}");
        assertThat(bodies(source.take())).containsExactly("{\"n\":3}");
        // and the hub dies
        source.close();
        source = source(new RemoteQueue(Login.OAUTH2, "erp"));
        var again = takeAll(2);
        assertThat(bodies(again)).containsExactlyInAnyOrder("{\"n\":3}", "{\"n\":4}");
        assertThat(again).allMatch(letter -> letter.sender().equals("erp"));
        // by which the store knows it
        assertThat(again.stream().map(Letter::id))
                .contains(letters.getLast().id())
                .doesNotContainNull();
        await().until(() -> mesh.waiting() == 0);
    }

    @Test
    void comesBackWithANewTokenWhenTheOldOneHasEnded() throws Exception {
        openTheLink();
        send("{\"n\":1}");
        take(1);
        mesh.cut();
        await().untilAsserted(() -> assertThatIllegalStateException().isThrownBy(source::take));
        assertThat(bodies(takeAll(1))).containsExactly("{\"n\":1}");
        await().until(() -> mesh.waiting() == 0);
        assertThat(mesh.shown()).containsExactly("Bearer t-1", "Bearer t-2");
    }

    @Test
    void staysAwayForLongerAndLongerWhileItIsNotLetIn() throws Exception {
        mesh.letNobodyIn(true);
        assertThatIllegalStateException().isThrownBy(source::take).withMessageContaining("401");
        assertThat(IntStream.of(1, 2, 3, 6, 7, 1000).mapToObj(source.pauses()::after))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 32L, 60L, 60L);
        mesh.letNobodyIn(false);
        send("{\"n\":1}");
        assertThat(takeAll(1)).hasSize(1);
    }

    @Test
    void saysWhatIsMissingOrWrong() {
        var secret = secrets.remove("sap-s4.queue-client-secret");
        assertThatIllegalStateException().isThrownBy(source::take).withMessageContaining("sap-s4.queue-client-secret");
        secrets.put("sap-s4.queue-client-secret", secret);
        secrets.put("sap-s4.queue-url", "ws://mesh.example/protocols/amqp10ws");
        assertThatIllegalStateException()
                .isThrownBy(source::take)
                .withMessageContaining("sap-s4.queue-url is not the address of a broker, as wss://");
        assertThat(mesh.tokens()).isZero();
    }

    @Test
    void givesBytesAsTheyAreAndASentenceForWhatIsNone() throws Exception {
        send(
                session -> session.createTextMessage("{\"grüße\":1}"),
                session -> session.createMapMessage(),
                session -> session.createStreamMessage(),
                session -> {
                    var latin = (JmsBytesMessage) session.createBytesMessage();
                    latin.writeBytes("{\"grüße\":1}".getBytes(ISO_8859_1));
                    ((AmqpJmsMessageFacade) latin.getFacade()).setContentType(Symbol.valueOf("application/json"));
                    return latin;
                },
                session -> bytes(session, (1 << 20) + 1));
        var letters = takeAll(5);
        assertThat(letters.get(3).body()).isEqualTo("{\"grüße\":1}".getBytes(ISO_8859_1));
        assertThat(bodies(letters))
                .satisfiesExactly(
                        body -> assertThat(body).isEqualTo("{\"grüße\":1}"),
                        body -> assertThat(body).startsWith("This message has neither bytes nor a text in it."),
                        body -> assertThat(body).startsWith("This message has neither bytes nor a text in it."),
                        body -> {},
                        body -> assertThat(body)
                                .matches("This message is larger than the connector takes \\(1,048,576 bytes\\). "
                                        + "As AMQP it has 1,048,\\d{3} bytes, SHA-256 [0-9a-f]{64}\\."));
        // without an id they are what their bodies are
        assertThat(bodies(letters)).doesNotHaveDuplicates();
    }

    private static Message bytes(Session session, int size) throws JMSException {
        var message = session.createBytesMessage();
        message.writeBytes(new byte[size]);
        return message;
    }

    /** A sentence is made of each, which is no measure of what they are. */
    @Test
    void takesNoMoreAtATimeThanMemoryHasRoomFor() throws Exception {
        openTheLink();
        for (var i = 0; i < 5; i++) {
            mesh.put(RemoteContentTest.section(0x77, listOf(binary(900_000))));
        }
        await().until(() -> source.waiting() == 5);
        for (var count : new int[] {3, 2}) {
            assertThat(source.take()).hasSize(count);
            settle(count);
        }
        await().until(() -> mesh.waiting() == 0);
    }

    /** The broker sends on as they are received. */
    @Test
    void takesMoreThanAreSentAhead() throws Exception {
        openTheLink();
        var texts = IntStream.range(0, 100).mapToObj(n -> "{\"n\":" + n + "}").toArray(String[]::new);
        for (var text : texts) {
            mesh.put(RemoteContentTest.section(0x75, RemoteContentTest.binary(text)));
        }
        assertThat(bodies(takeAll(100))).containsExactly(texts);
        await().until(() -> mesh.waiting() == 0);
    }

    @Test
    void keepsNothingInMemoryOfWhatIsMuchTooLarge() throws Exception {
        send(session -> bytes(session, 20 << 20), session -> bytes(session, 2 << 20));
        send("{\"n\":1}");
        assertThat(bodies(takeAll(3)))
                .satisfiesExactly(
                        body -> assertThat(body)
                                .matches("This message is larger than the connector takes \\(1,048,576 bytes\\). "
                                        + "As AMQP it has 20,971,\\d{3} bytes, SHA-256 [0-9a-f]{64}\\."),
                        body -> assertThat(body).contains("larger than", " 2,097,"),
                        body -> assertThat(body).isEqualTo("{\"n\":1}"));
        await().until(() -> mesh.waiting() == 0);
    }

    /**
     * A client would fail on them and say so to the broker alone, or end the connection; and of lists in lists it would call
     * itself until the stack is full, again on each connection.
     */
    @Test
    void takesWhateverIsInTheQueueOnceAndGoesOn() throws Exception {
        mesh.put(RemoteContentTest.section(0x77, RemoteContentTest.lists(5_000)));
        mesh.put(RemoteContentTest.section(0x77, RemoteContentTest.lists(5_001)));
        mesh.put(RemoteContentTest.section(0x77, RemoteContentTest.lists(80_000)));
        mesh.put(new byte[] {0x41});
        var latin = Proton.message();
        latin.setContentType("application/json");
        latin.setBody(new Data(new Binary(new byte[] {(byte) 0xff})));
        mesh.put(latin);
        send("{\"n\":1}");
        var letters = takeAll(6);
        assertThat(bodies(letters.subList(0, 3)))
                .allMatch(body -> body.startsWith("This message cannot be decoded: Values are at most 16 deep."))
                .doesNotHaveDuplicates();
        assertThat(bodies(letters).get(3))
                .startsWith("This message cannot be decoded: There is something in it that is no section (3.2).");
        assertThat(letters.get(4).body()).containsExactly(0xff);
        assertThat(bodies(letters).get(5)).isEqualTo("{\"n\":1}");
        await().until(() -> mesh.waiting() == 0);
        assertThat(mesh.shown()).hasSize(1);
    }

    private static byte[] listOf(byte[] value) {
        return ByteBuffer.allocate(9 + value.length)
                .put((byte) 0xd0)
                .putInt(4 + value.length)
                .putInt(1)
                .put(value)
                .array();
    }

    private static byte[] binary(int size) {
        return ByteBuffer.allocate(5 + size).put((byte) 0xb0).putInt(size).array();
    }

    /** Such a message would stay with the hub, untold and unstored, and after a few of them no other would come. */
    @Test
    void takesAMessageWhoseIdIsNone() throws Exception {
        for (var id : new Object[] {Symbol.valueOf("a"), List.of("b"), true}) {
            var message = Proton.message();
            message.setMessageId(id);
            message.setBody(new AmqpValue("{\"id\":\"" + id + "\"}"));
            mesh.put(message);
        }
        send("{\"n\":1}");
        var letters = takeAll(4);
        assertThat(bodies(letters))
                .containsExactly("{\"id\":\"a\"}", "{\"id\":\"[b]\"}", "{\"id\":\"true\"}", "{\"n\":1}");
        assertThat(letters.subList(0, 3)).allMatch(letter -> letter.id() == null);
    }

    @Test
    void letsNoMoreBeSentAheadThanMemoryHasRoomFor() {
        assertThat(IntStream.of(1, 1 << 20, 4 << 20, 64 << 20).map(RemoteQueueClient::ahead))
                .containsExactly(16, 16, 4, 1);
    }

    @Test
    void knowsThePortOfAnAddressWithoutOne() {
        assertThat(RemoteQueueClient.withPort(URI.create("wss://mesh.example/protocols/amqp10ws")))
                .isEqualTo("wss://mesh.example:443/protocols/amqp10ws");
        assertThat(RemoteQueueClient.withPort(URI.create("amqps://mesh.example")))
                .isEqualTo("amqps://mesh.example:5671");
        assertThat(RemoteQueueClient.withPort(URI.create("amqps://mesh.example:443")))
                .isEqualTo("amqps://mesh.example:443");
    }

    @Test
    void readsABrokerThatWantsAPassword() throws Exception {
        secrets.put("sap-s4.queue-url", "amqp://127.0.0.1:" + mesh.port());
        secrets.put("sap-s4.queue-user", "hub");
        secrets.put("sap-s4.queue-password", "Sesame");
        source = source(new RemoteQueue(Login.PLAIN, "default"));
        send("{\"n\":1}");
        assertThat(bodies(takeAll(1))).containsExactly("{\"n\":1}");
        assertThat(mesh.tokens()).isZero();
    }

    @Test
    void saysWhyABrokerIsNotRead() throws Exception {
        try (var broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> sayNonsense(broker));
            secrets.put("sap-s4.queue-url", "amqp://127.0.0.1:" + broker.getLocalPort());
            secrets.put("sap-s4.queue-user", "hub");
            secrets.put("sap-s4.queue-password", "Sesame");
            source = source(new RemoteQueue(Login.PLAIN, "default"));
            assertThatIllegalStateException()
                    .isThrownBy(source::take)
                    .withMessageContaining("nothing more is read of it: This is no frame");
        }
    }

    private static void sayNonsense(ServerSocket broker) {
        try (var client = broker.accept()) {
            client.getInputStream().readNBytes(8);
            client.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 3, 1, 0, 0, 0, 0, 0, 7});
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What waits here may have come for the old limit. */
    @Test
    void readsByTheLimitThatCounts() throws Exception {
        openTheLink();
        var yaml = root.resolve("connectors/sap-s4/connector.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("    media: [", "    maxBytes: 4MiB\n    media: ["));
        var problems = new Problems();
        send(session -> bytes(session, 2 << 20));
        await().until(() -> source.waiting() == 1);
        configuration = Configuration.read(root, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(takeAll(1)).allMatch(letter -> letter.body().length == 2 << 20);
    }
}
