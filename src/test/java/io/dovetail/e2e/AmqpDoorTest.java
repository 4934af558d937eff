package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.relay.Addresses;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedByte;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partners that send messages to the queue of their connector, as they should and as they should not. */
class AmqpDoorTest {

    private static final int MAX_BYTES = 64 * 1024;

    /** How a begin starts (AMQP 1.0, 2.7.2). */
    private static final byte[] BEGIN = {0, 0x53, 0x11};

    private static final byte[] EMPTY_FRAME = {0, 0, 0, 8, 2, 0, 0, 0};

    /** The start of a section of data (3.2.6) that has so many bytes. */
    private static final byte[] GIBIBYTE = {0, 0x53, 0x75, (byte) 0xb0, 0x40, 0, 0, 0};

    @TempDir
    static Path directory;

    private static Hub hub;
    private static Subscriber subscriber;

    @BeforeAll
    static void startHub() throws IOException {
        var root = Roots.copy(directory.resolve("root"), "jira", "partner-api", "sap-idoc")
                .door("partner-api", "amqp: {}")
                .door("sap-idoc", "amqp: {}")
                .change(
                        "connectors/sap-idoc/connector.yaml",
                        "    maxBytes:",
                        "    limits: { together: { perSecond: 4 } }\n    maxBytes:")
                .door("jira", "amqp: { deliveryId: issueEventId }")
                .change("connectors/partner-api/connector.yaml", "maxBytes: 1MiB", "maxBytes: 64KiB");
        var secrets = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("partner-api.acme.amqp"), "acme-password\n");
        Files.writeString(secrets.resolve("partner-api.quiet.amqp"), "quiet-password\n");
        Files.writeString(secrets.resolve("partner-api.nosy.amqp"), "nosy-password\n");
        Files.writeString(secrets.resolve("partner-api.twice.amqp"), "twice-password\n");
        Files.writeString(secrets.resolve("partner-api.deep.amqp"), "deep-password\n");
        Files.writeString(secrets.resolve("partner-api.wordy.amqp"), "wordy-password\n");
        Files.writeString(secrets.resolve("partner-api.deaf.amqp"), "deaf-password\n");
        Files.writeString(secrets.resolve("partner-api.amqp"), "partner-password\n");
        var settings = Map.<String, Object>of(
                "hub.root",
                root.path().toString(),
                "hub.secrets",
                secrets.toString(),
                "hub.consumers",
                "workflow,enrichment,audited");
        hub = Hub.start(directory.resolve("data"), settings);
        subscriber = Subscriber.of(hub, "workflow");
    }

    @AfterAll
    static void stopHub() {
        subscriber.close();
        hub.close();
    }

    private static AmqpPeer partner() {
        return AmqpPeer.of(hub, "in.partner-api");
    }

    private static AmqpPeer partnerByItsLongName() {
        return AmqpPeer.of(
                hub.amqpPort(),
                "in.partner-api.default",
                hub.secret("partner-api.amqp"),
                javax.net.SocketFactory.getDefault());
    }

    private static Connection jms(String user, String password) throws JMSException {
        return jms(user, password, "");
    }

    private static Connection jms(String user, String password, String options) throws JMSException {
        var url = "amqp://127.0.0.1:" + hub.amqpPort() + options;
        var connection = new JmsConnectionFactory(user, password, url).createConnection();
        connection.start();
        return connection;
    }

    private static Message message(String body) {
        return message(new Data(new Binary(body.getBytes(StandardCharsets.UTF_8))));
    }

    private static Message message(Section body) {
        var message = Proton.message();
        message.setContentType("application/json");
        message.setBody(body);
        return message;
    }

    private static Subscriber.Received event(String claim) {
        return subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("claimNumber").asText().equals(claim));
    }

    private static List<JsonNode> parked(String connector) {
        return hub.get("/api/dead-letters?connector=" + connector)
                .json()
                .path("deadLetters")
                .valueStream()
                .toList();
    }

    private static long count(String connector, String outcome) {
        var name = "hub_accept_seconds_count{connector=\"%s\",outcome=\"%s\"} ".formatted(connector, outcome);
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    @Test
    void carriesWhatAJmsClientSendsToTheBus() throws JMSException {
        var text = Bodies.number();
        var bytes = Bodies.number();
        try (var connection = jms("in.partner-api", "partner-password")) {
            var session = connection.createSession(true, Session.SESSION_TRANSACTED);
            var producer = session.createProducer(session.createQueue("in.partner-api"));
            producer.send(session.createTextMessage(Bodies.claim(text, "10")));
            var message = session.createBytesMessage();
            message.writeBytes(Bodies.claim(bytes, "20").getBytes(StandardCharsets.UTF_8));
            producer.send(message);
            session.commit();
        }
        assertThat(event(text).event().getSource()).hasToString("/connectors/partner-api/default");
        event(bytes);
        assertThat(hub.stored(Bodies.claim(text, "10"))).isOne();
    }

    @Test
    void knowsASenderByItsPasswordAndByNothingItSays() throws JMSException {
        var claim = Bodies.number();
        try (var peer = AmqpPeer.of(hub, "in.partner-api.acme")) {
            var message = message(Bodies.claim(claim, "10"));
            message.setUserId("default".getBytes(StandardCharsets.UTF_8));
            message.setApplicationProperties(new ApplicationProperties(
                    Map.of("_AMQ_VALIDATED_USER", "in.partner-api", "_HUB_SENDER", "default", "sender", "default")));
            assertThat(AmqpPeer.isAccepted(peer.send(peer.sender("in.partner-api"), message)))
                    .isTrue();
        }
        assertThat(event(claim).event().getSource()).hasToString("/connectors/partner-api/acme");
    }

    @Test
    void letsNobodyInWithoutAPassword() throws JMSException {
        for (var wrong : List.of("", "wrong", "acme-password", "partner-password ", "bus.workflow")) {
            assertThatThrownBy(() -> jms("in.partner-api", wrong)).isInstanceOf(JMSSecurityException.class);
        }
        for (var user : List.of("in.partner-api.nobody", "in.sap-idoc", "in.", "in.partner-api.acme.", "in.jira")) {
            assertThatThrownBy(() -> jms(user, "acme-password")).as(user).isInstanceOf(JMSException.class);
        }
    }

    @Test
    void letsASenderDoNothingButSendToItsOwnAddress() throws JMSException {
        for (var address : List.of(
                "in.jira",
                "in.nowhere",
                "hub.events",
                "hub.events::workflow",
                "DLQ.in.partner-api",
                "activemq.management",
                "in.jira::in.jira",
                "in.partner-api::in.jira",
                "in.partner-api::workflow")) {
            try (var connection = jms("in.partner-api", "partner-password")) {
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                assertThatThrownBy(() -> session.createProducer(session.createQueue(address))
                                .send(session.createTextMessage(Bodies.claim(Bodies.number(), "10"))))
                        .as("sends to %s", address)
                        .isInstanceOf(JMSException.class)
                        .hasMessageContaining("You may send to in.partner-api");
            }
        }
        // an anonymous link would name the address in each message
        try (var peer = partner()) {
            peer.sender(null);
            assertThat(String.valueOf(peer.whyClosed()))
                    .contains("unauthorized-access", "You may send to in.partner-api");
        }
        for (var address : List.of(
                "in.partner-api",
                "in.partner-api::in.partner-api",
                "in.jira",
                "hub.events::workflow",
                "DLQ.in.partner-api",
                "activemq.management",
                "$sys.mqtt")) {
            try (var peer = partner()) {
                peer.whyNotRead(address);
                assertThat(String.valueOf(peer.whyClosed()))
                        .as("reads %s", address)
                        .contains("read nothing");
            }
            try (var connection = jms("in.partner-api", "partner-password")) {
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                assertThatThrownBy(() -> session.createBrowser(session.createQueue(address))
                                .getEnumeration())
                        .as("browses %s", address)
                        .isInstanceOf(JMSException.class);
            }
        }
        try (var connection = jms("in.partner-api", "partner-password")) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatThrownBy(session::createTemporaryQueue).isInstanceOf(JMSException.class);
        }
        assertThat(parked("jira")).isEmpty();
    }

    @Test
    void rejectsWhatItWillNeverTakeWithAReason() {
        var before = count("partner-api", "media_type");
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            var number = Bodies.number();
            var xml = message(Bodies.claim(number, "1"));
            xml.setContentType("text/xml");
            assertThat(AmqpPeer.rejection(peer.send(sender, xml))).contains("This connector takes application/json");
            var packed = message(Bodies.claim(number, "1"));
            packed.setContentEncoding("gzip");
            assertThat(AmqpPeer.rejection(peer.send(sender, packed))).contains("content-encoding");
            var java = message(Bodies.claim(number, "1"));
            java.setContentType("application/x-java-serialized-object");
            assertThat(AmqpPeer.rejection(peer.send(sender, java))).contains("This connector takes");
            for (var type : new byte[] {1, 2, 4}) {
                var structure = message(Bodies.claim(number, "1"));
                structure.setMessageAnnotations(
                        new MessageAnnotations(Map.of(Symbol.valueOf("x-opt-jms-msg-type"), type)));
                assertThat(AmqpPeer.rejection(peer.send(sender, structure))).contains("no Java object");
            }
            for (var body : List.of(
                    new AmqpValue(Map.of("type", "claim.submitted")),
                    new AmqpValue(List.of("a")),
                    new AmqpValue(5),
                    new AmqpValue(true),
                    new AmqpSequence(List.of("a")))) {
                assertThat(AmqpPeer.rejection(peer.send(sender, message(body))))
                        .as(body.toString())
                        .contains("must be bytes or text");
            }
            var later = message(Bodies.claim(number, "1"));
            later.setMessageAnnotations(new MessageAnnotations(
                    Map.of(Symbol.valueOf("x-opt-delivery-time"), System.currentTimeMillis() + 3_600_000)));
            assertThat(AmqpPeer.rejection(peer.send(sender, later))).contains("put off");
            for (var id : List.of("x".repeat(257), "a\u0000b", "a\nb")) {
                var odd = message(Bodies.claim(number, "1"));
                odd.setMessageId(id);
                assertThat(AmqpPeer.rejection(peer.send(sender, odd))).contains("message-id");
            }
            assertThat(hub.stored(number)).isZero();
            // and the link is as good as before
            assertThat(AmqpPeer.isAccepted(peer.send(sender, message(Bodies.claim(Bodies.number(), "1")))))
                    .isTrue();
        }
        assertThat(count("partner-api", "media_type") - before).isEqualTo(11);
    }

    /** Of somebody who is known, a row for each way, with how often. */
    @Test
    void writesIntoTheAuditWhateverItRefuses() {
        var sound = message(Bodies.claim(Bodies.number(), "1"));
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            assertThat(AmqpPeer.isAccepted(peer.send(peer.sender("in.partner-api"), sound)))
                    .isTrue();
            var xml = message(Bodies.claim(Bodies.number(), "1"));
            xml.setContentType("text/xml");
            peer.send(peer.sender("in.partner-api"), xml);
        }
        isRefused("media_type", 1);
        // to another's address, by a link of its own and by what a message says, and from an address
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            peer.sender("in.jira");
        }
        isRefused("unknown_connector", 1);
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            peer.sender(null);
        }
        isRefused("unknown_connector", 2);
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            peer.whyNotRead("in.partner-api");
        }
        isRefused("unknown_connector", 3);
        // also what ends a connection
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            peer.send(peer.sender("in.partner-api"), AmqpPeer.encoded(sound), 0x468C0000L);
        }
        isRefused("malformed", 1);
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            peer.send(peer.sender("in.partner-api"), new byte[100], 0);
        }
        isRefused("malformed", 2);
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            for (var n = 0; n < 20 && !peer.isClosed(); n++) {
                peer.sender("in.partner-api");
            }
        }
        isRefused("too_many_at_once", 1);
        try (var peer = AmqpPeer.of(hub, "in.partner-api.nosy")) {
            var sender = peer.sender("in.partner-api");
            peer.begin(sender, 0);
            peer.more(sender, GIBIBYTE);
            for (var sent = 0; sent < 100 && !peer.isClosed(); sent++) {
                peer.more(sender, new byte[64 * 1024]);
                peer.listen();
            }
        }
        isRefused("too_large", 1);
    }

    private static void isRefused(String why, long times) {
        isRefused("partner-api/nosy", why, times);
    }

    private static void isRefused(String who, String why, long times) {
        await(why)
                .atMost(Hub.PATIENCE)
                .untilAsserted(() ->
                        assertThat(hub.refusals(who, "delivery-refused", why)).isEqualTo(times));
    }

    /** Whoever goes on as if his login had been believed is nobody still, and takes no place of whom he called himself. */
    @Test
    void takesNobodyForWhomHeCallsHimself() throws IOException {
        var known = hub.refusals("partner-api", "delivery-refused", "unauthenticated");
        var unknown = hub.refusals("?", "delivery-refused", "unauthenticated");
        var mine = new ArrayList<Socket>();
        try {
            for (var n = 0; n < 60; n++) {
                mine.add(speak(AmqpPeer.unasked("in.partner-api.quiet", "wrong", 20)));
                mine.add(speak(AmqpPeer.unasked("made-up-" + n, "wrong", 20)));
            }
            try (var peer = AmqpPeer.of(hub, "in.partner-api.quiet")) {
                assertThat(peer.isIn()).isTrue();
            }
        } finally {
            for (var socket : mine) {
                socket.close();
            }
        }
        // of the connector that they named, for the password that was wrong
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.refusals("partner-api", "delivery-refused", "unauthenticated") >= known + 60
                        && hub.refusals("?", "delivery-refused", "unauthenticated") >= unknown + 60);
        assertThat(hub.audit())
                .extracting(row -> row.path("actor").asText())
                .noneMatch(actor -> actor.contains("quiet") || actor.contains("made-up"));
    }

    /** The broker would read HTTP of any size, and whatever it knows no name for, from somebody it has never asked. */
    @ParameterizedTest
    @MethodSource
    void hearsNoMoreOfAStrangerThanHisLogin(String how, byte[] beginning) throws IOException {
        var more = new byte[1 << 20];
        try (var socket = speak(beginning)) {
            var end = CompletableFuture.supplyAsync(() -> {
                try {
                    for (var n = 0; n < 64; n++) {
                        socket.getOutputStream().write(more);
                    }
                    return how + " is listened to without an end";
                } catch (IOException e) {
                    return "cut off";
                }
            });
            assertThat(end).succeedsWithin(Hub.PATIENCE).isEqualTo("cut off");
        }
        try (var peer = partner()) {
            assertThat(peer.isIn()).isTrue();
        }
    }

    static Stream<Arguments> hearsNoMoreOfAStrangerThanHisLogin() {
        var wrong = AmqpPeer.login("in.partner-api", "wrong");
        var begin = AmqpPeer.frames(0);
        return Stream.of(
                arguments("HTTP", latin1("POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 2000000000\r\n\r\n")),
                arguments("nothing known", latin1("dovetail")),
                arguments("a login that is too large", latin1("AMQP\3\1\0\0" + "\4\0\0\0\2\1\0\0")),
                arguments("a login that is too small", latin1("AMQP\3\1\0\0" + "\0\0\0\7\2\1\0\0")),
                arguments(
                        "a list of mechanisms",
                        latin1("AMQP\3\1\0\0" + "\0\0\0\20\2\1\0\0" + "\0S@\u00c0\3\1\u00a3\0")),
                arguments("no login", bytes(AmqpPeer.header(), begin)),
                arguments("after a wrong password", bytes(wrong, AmqpPeer.header(), begin)),
                arguments("two logins", bytes(wrong, AmqpPeer.login("in.partner-api", "partner-password"))));
    }

    /** Each time that somebody opens one and the same connection would be a place of his that nobody leaves. */
    @Test
    void opensAConnectionOnce() throws IOException {
        var before = sessions();
        var password = hub.secret("partner-api.twice.amqp");
        for (var n = 0; n < 60; n++) {
            try (var socket = speak(AmqpPeer.unasked("in.partner-api.twice", password, 2))) {
                socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
                if (n % 2 == 0) {
                    hear(socket, BEGIN);
                }
                socket.getOutputStream().write(AmqpPeer.frames(0));
                endOf(socket);
            }
        }
        try (var peer = AmqpPeer.of(hub, "in.partner-api.twice")) {
            assertThat(peer.isIn()).isTrue();
        }
        await().atMost(Hub.PATIENCE).until(AmqpDoorTest::sessions, left -> left <= before);
    }

    /** Proton would try one again with all that comes, count another for ever, in one of two threads. */
    @ParameterizedTest
    @MethodSource
    void endsAConnectionAtAFrameThatMakesNoSense(String why, String said, byte[] frame) throws IOException {
        for (var n = 0; n < 4; n++) {
            var beginning = AmqpPeer.unasked("in.partner-api.twice", "twice-password", 0);
            try (var socket = speak(bytes(beginning, Arrays.copyOf(frame, 10)))) {
                socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
                hear(socket, BEGIN);
                try {
                    var out = socket.getOutputStream();
                    out.write(bytes(Arrays.copyOfRange(frame, 10, frame.length), EMPTY_FRAME));
                    for (var more = 0; more < 50; more++) {
                        out.write(EMPTY_FRAME);
                    }
                } catch (SocketException e) {
                    // ended before all was said
                }
                hear(socket, latin1(said));
                endOf(socket);
            }
        }
        try (var peer = partner()) {
            assertThat(peer.isIn()).isTrue();
        }
    }

    static Stream<Arguments> endsAConnectionAtAFrameThatMakesNoSense() {
        return Stream.of(
                arguments(
                        "a transfer on a link that there is not (2.7.5)",
                        "no such link",
                        latin1("\0\0\0\25\2\0\0\0" + "\0S\24\u00c0\10\4" + "R\7" + "C" + "\u00a0\1\1" + "C")),
                arguments(
                        "all deliveries that can be (2.7.6)",
                        "not so many deliveries",
                        latin1("\0\0\0\25\2\0\0\0" + "\0S\25\u00c0\10\3" + "A" + "C" + "p\u00ff\u00ff\u00ff\u00ff")),
                arguments(
                        "the last delivery that can be",
                        "not so many deliveries",
                        latin1("\0\0\0\24\2\0\0\0" + "\0S\25\u00c0\7\2" + "A" + "p\u00ff\u00ff\u00ff\u00ff")),
                arguments(
                        "lists in lists, each of which says that it is full (1.6.22)",
                        "more than 512 values",
                        bytes(latin1("\0\0\4\213\2\0\0\0" + "\0S\23"), listsInLists(128))),
                arguments(
                        "more than a frame says beside a message",
                        "more than 8,192 bytes",
                        bytes(latin1("\0\1\0\0\2\0\0\0" + "\0S\23\u00d0\0\0\u00ff\u00f0\0\0\0\1"), new byte[100])),
                arguments(
                        "a session that the hub would have begun (2.7.2)",
                        "has begun no session",
                        latin1("\0\0\0\26\2\0\0\1" + "\0S\21\u00c0\11\4" + "`\0\0" + "C" + "R\1" + "R\1")),
                arguments(
                        "a link on a session that there is not",
                        "no such session",
                        latin1("\0\0\0\23\2\0\0\7" + "\0S\22\u00c0\6\3" + "\u00a1\1x" + "C" + "B")),
                arguments(
                        "a channel that has a session (2.7.2)",
                        "of one session",
                        latin1("\0\0\0\24\2\0\0\0" + "\0S\21\u00c0\7\4" + "@" + "C" + "R\1" + "R\1")),
                arguments(
                        "too many deliveries of a sender at once",
                        "not so many deliveries",
                        latin1("\0\0\0\22\2\0\0\0" + "\0S\25\u00c0\5\3" + "B" + "C" + "R\u00ff"
                                + ("\0\0\0\22\2\0\0\0" + "\0S\25\u00c0\5\3" + "B" + "C" + "R\u00ff").repeat(4))),
                arguments(
                        "a link that may come again",
                        "closed and not only detached",
                        latin1("\0\0\0\17\2\0\0\0" + "\0S\26\u00c0\2\1" + "C")),
                arguments(
                        "a handle that is too high (2.7.3)",
                        "no handle so high",
                        latin1("\0\0\0\27\2\0\0\0" + "\0S\22\u00c0\12\3" + "\u00a1\1x" + "p\0\1\0\0" + "B")));
    }

    /** Half of it is how often something would be sent. */
    @ParameterizedTest
    @ValueSource(strings = {"R\1", "p\0\0\3\u00e7"})
    void takesNoIdleTimeOutOfMilliseconds(String millis) throws IOException {
        var login = AmqpPeer.login("in.partner-api.twice", "twice-password");
        var open = bytes(latin1("\0S\20\u00c0" + (char) (millis.length() + 7) + "\5" + "\u00a1\1x@@@"), latin1(millis));
        var frame = bytes(latin1("\0\0\0" + (char) (open.length + 8) + "\2\0\0\0"), open);
        try (var socket = speak(bytes(login, AmqpPeer.header(), frame))) {
            socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
            hear(socket, latin1("An idle time-out is none"));
            endOf(socket);
        }
    }

    /** Each is kept until it is ended. */
    @Test
    void endsAConnectionThatBeginsTransactionsWithoutEnd() throws IOException {
        try (var socket = coordinated()) {
            for (var n = 0; n < 65; n++) {
                socket.getOutputStream().write(command(n, "B", "\0S1E"));
                if (n < 64) {
                    hear(socket, latin1("\0S3")); // declared (4.5.5)
                }
            }
            hear(socket, latin1("at most 64 transactions"));
            endOf(socket);
        }
        // nobody wants to know
        try (var socket = coordinated()) {
            var commands = new ByteArrayOutputStream();
            for (var n = 0; n < 80; n++) {
                commands.writeBytes(command(n, "A", "\0S1E"));
            }
            socket.getOutputStream().write(commands.toByteArray());
            hear(socket, latin1("at most 64 transactions"));
            endOf(socket);
        }
        try (var socket = coordinated()) {
            socket.getOutputStream().write(command(0, "B", "\u00a1\1x"));
            hear(socket, latin1("A coordinator is told to begin and to end transactions (4.1)."));
            endOf(socket);
        }
    }

    /** A link to the coordinator, under the handle 1. */
    private static Socket coordinated() throws IOException {
        var attach = latin1("\0S\22\u00c0\0\12" + "\u00a1\1t" + "R\1" + "B" + "@@" + "\0S(E" + "\0S0E" + "@@C");
        attach[4] = (byte) (attach.length - 5);
        var socket = speak(
                bytes(AmqpPeer.unasked("in.partner-api.deep", hub.secret("partner-api.deep.amqp"), 0), frame(attach)));
        socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
        hear(socket, BEGIN);
        return socket;
    }

    private static byte[] command(int id, String settled, String value) {
        var transfer = latin1("\0S\24\u00c0\12\5" + "R\1" + "R" + (char) id + "\u00a0\1" + (char) id + "C" + settled);
        return frame(bytes(transfer, latin1("\0Sw" + value)));
    }

    private static byte[] frame(byte[] body) {
        return bytes(
                ByteBuffer.allocate(8)
                        .putInt(8 + body.length)
                        .putInt(0x02000000)
                        .array(),
                body);
    }

    /** As many as he likes one after the other, also with links that only their session ends. */
    @Test
    void endsNoConnectionWhoseSessionsComeAndGo() throws JMSException {
        try (var connection = jms("in.partner-api", "partner-password")) {
            for (var n = 0; n < 40; n++) {
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                session.createProducer(session.createQueue("in.partner-api"))
                        .send(session.createTextMessage(Bodies.claim(Bodies.number(), "10")));
                session.close();
            }
        }
    }

    /** Of what is settled, Proton keeps the answer until it is written. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void readsNoMoreOfASenderWhoDoesNotListen() throws IOException {
        var refused = message("<none/>");
        refused.setContentType("text/xml");
        var encoded = AmqpPeer.encoded(refused);
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4 << 10);
            socket.connect(new InetSocketAddress("127.0.0.1", hub.amqpPort()));
            socket.getOutputStream()
                    .write(AmqpPeer.unasked("in.partner-api.deaf", hub.secret("partner-api.deaf.amqp"), 1));
            assertThatThrownBy(() -> {
                        for (var n = 0; n < 300_000; n++) {
                            var id = ByteBuffer.allocate(4).putInt(n).array();
                            var transfer =
                                    bytes(latin1("\0S\24\u00c0\14\5" + "C" + "p"), id, latin1("\u00a0\1xCB"), encoded);
                            socket.getOutputStream().write(frame(transfer));
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        isRefused("partner-api/deaf", "unavailable", 1);
    }

    /** A link of theirs names the address, if the broker does not say that it need not. */
    @Test
    void takesWhatTheSimplerJmsSends() {
        var claim = Bodies.number();
        var url = "amqp://127.0.0.1:" + hub.amqpPort();
        try (var context = new JmsConnectionFactory("in.partner-api", "partner-password", url).createContext()) {
            context.createProducer().send(context.createQueue("in.partner-api"), Bodies.claim(claim, "10"));
        }
        event(claim);
    }

    /** What a container is called is its user's own matter. */
    @Test
    void letsTwoUsersGiveOneNameToTheirContainers() throws JMSException {
        try (var one = jms("in.partner-api", "partner-password", "?jms.clientID=one");
                var other = jms("in.partner-api.acme", "acme-password", "?jms.clientID=one")) {
            assertThat(one.getClientID()).isEqualTo(other.getClientID());
            assertThatThrownBy(() -> jms("in.partner-api", "partner-password", "?jms.clientID=one"))
                    .isInstanceOf(JMSException.class);
        }
    }

    @Test
    void endsNoTransactionOfASenderWhoEndsThemHimself() throws JMSException {
        try (var connection = jms("in.partner-api", "partner-password")) {
            var session = connection.createSession(true, Session.SESSION_TRANSACTED);
            for (var n = 0; n < 100; n++) {
                var producer = session.createProducer(session.createQueue("in.partner-api"));
                producer.send(session.createTextMessage(Bodies.claim(Bodies.number(), "10")));
                session.rollback();
                producer.close();
            }
        }
    }

    /** Two of them were one for Proton, and what comes on both one message. */
    @Test
    void attachesALinkOnceAndAHandleToOne() throws IOException {
        var password = hub.secret("partner-api.deep.amqp");
        for (var again : List.of(latin1("\u00a1\6link-0" + "R\7" + "B"), latin1("\u00a1\6link-9" + "C" + "B"))) {
            var attach = bytes(latin1("\0S\22\u00c0" + (char) (again.length + 1) + "\3"), again);
            var frame = bytes(latin1("\0\0\0" + (char) (attach.length + 8) + "\2\0\0\0"), attach);
            try (var socket = speak(bytes(AmqpPeer.unasked("in.partner-api.deep", password, 1), frame))) {
                socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
                hear(socket, latin1("A link is attached once (2.6.3), and a handle is of one link."));
                endOf(socket);
            }
        }
    }

    /** Each says that it has as many values as there are bytes behind it. */
    private static byte[] listsInLists(int depth) {
        var lists = ByteBuffer.allocate(9 * depth);
        while (lists.hasRemaining()) {
            var left = lists.remaining() - 9;
            lists.put((byte) 0xd0).putInt(left + 4).putInt(left);
        }
        return lists.array();
    }

    /** Before it is decoded, also where no frame has all of it. */
    @ParameterizedTest
    @MethodSource
    void endsAConnectionAtAMessageThatTakesMoreMemoryThanItsBytes(String why, List<byte[]> pieces) {
        try (var peer = AmqpPeer.of(hub, "in.partner-api.deep")) {
            var sender = peer.sender("in.partner-api");
            var delivery = peer.begin(sender, 0);
            pieces.forEach(piece -> peer.more(sender, piece));
            sender.advance();
            assertThat(peer.outcome(delivery)).isNull();
            assertThat(String.valueOf(peer.whyClosed())).contains("decode-error", why);
        }
        try (var peer = partner()) {
            assertThat(peer.isIn()).isTrue();
        }
    }

    static Stream<Arguments> endsAConnectionAtAMessageThatTakesMoreMemoryThanItsBytes() {
        var annotations = latin1("\0Sr");
        var lists = bytes(annotations, listsInLists(700));
        return Stream.of(
                arguments("at most 16 deep", List.of(lists)),
                arguments(
                        "at most 16 deep",
                        List.of(
                                Arrays.copyOf(lists, 1),
                                Arrays.copyOfRange(lists, 1, 50),
                                Arrays.copyOfRange(lists, 50, lists.length))),
                arguments(
                        "more than 65,536 values", List.of(annotations, latin1("\u00d1\0\u0010\0\0" + "\0\u000f\0\0"))),
                arguments(
                        "more than 100 values",
                        List.of(bytes(
                                annotations,
                                latin1("\u00d1\0\0\0\202\0\0\0\2" + "\u00a3\1x" + "\u00c0\171\170"
                                        + "@".repeat(120))))),
                arguments("symbols or strings", List.of(bytes(annotations, latin1("\u00c1\5\2\u00a0\1x@")))),
                arguments("ends too early", List.of(bytes(annotations, latin1("\u00c1\5\2\u00a1\1x")))),
                arguments("as large as it says", List.of(bytes(annotations, latin1("\u00c1\6\2\u00a1\1x@@")))));
    }

    @Test
    void saysWhatIsNoFrame() throws IOException {
        var password = hub.secret("partner-api.deep.amqp");
        try (var socket = speak(
                bytes(AmqpPeer.unasked("in.partner-api.deep", password, 0), latin1("\0\0\0\7\2\0\0\0\0\0\0\0")))) {
            socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
            hear(socket, latin1("This is no frame (2.3.1)."));
            endOf(socket);
        }
    }

    /** Proton would go on with it under the name of its link. */
    @Test
    void endsAConnectionWhoseLinkIsLeftInTheMiddleOfAMessage() throws IOException {
        var password = hub.secret("partner-api.deep.amqp");
        var half =
                latin1("\0\0\0\36\2\0\0\0" + "\0S\24\u00c0\11\6" + "CC" + "\u00a0\1\1" + "CBA" + "\0Su\u00b0@\0\0\0");
        for (var leaving : List.of("\0\0\0\20\2\0\0\0" + "\0S\26\u00c0\3\2" + "CA", "\0\0\0\14\2\0\0\0" + "\0S\27E")) {
            try (var socket = speak(AmqpPeer.unasked("in.partner-api.deep", password, 1))) {
                socket.setSoTimeout((int) Hub.PATIENCE.toMillis());
                hear(socket, BEGIN);
                socket.getOutputStream().write(bytes(half, latin1(leaving)));
                hear(socket, latin1("A message is half sent."));
                endOf(socket);
            }
        }
    }

    @Test
    void takesAMessageInPiecesOfAnySize() {
        for (var size : new int[] {1, 7, 10_000}) {
            var claim = Bodies.number();
            var message = message(Bodies.claim(claim, "1"));
            message.setMessageAnnotations(
                    new MessageAnnotations(Map.of(Symbol.valueOf("x-opt-partner"), List.of("a", 1))));
            message.setApplicationProperties(new ApplicationProperties(Map.of("region", "x".repeat(300))));
            var encoded = AmqpPeer.encoded(message);
            try (var peer = partner()) {
                var sender = peer.sender("in.partner-api");
                var delivery = peer.begin(sender, 0);
                for (var from = 0; from < encoded.length; from += size) {
                    peer.more(sender, Arrays.copyOfRange(encoded, from, Math.min(encoded.length, from + size)));
                }
                sender.advance();
                assertThat(AmqpPeer.isAccepted(peer.outcome(delivery))).isTrue();
            }
            event(claim);
        }
    }

    /** Each is remembered for ever, by the broker's library. */
    @Test
    void takesSoManySymbolsOfASender() {
        try (var peer = AmqpPeer.of(hub, "in.partner-api.wordy")) {
            var sender = peer.sender("in.partner-api");
            for (var n = 0; n < 40 && !peer.isClosed(); n++) {
                peer.send(sender, annotated(IntStream.range(30 * n, 30 * n + 30)));
            }
            assertThat(String.valueOf(peer.whyClosed())).contains("at most 1,024 different symbols");
        }
        try (var peer = AmqpPeer.of(hub, "in.partner-api.wordy")) {
            var known = annotated(IntStream.range(0, 30));
            assertThat(AmqpPeer.isAccepted(peer.send(peer.sender("in.partner-api"), known)))
                    .isTrue();
            peer.send(peer.sender("in.partner-api"), annotated(IntStream.of(5_000)));
            assertThat(peer.isClosed()).isTrue();
        }
        try (var peer = AmqpPeer.of(hub, "in.partner-api.deep")) {
            var another = annotated(IntStream.of(5_000));
            assertThat(AmqpPeer.isAccepted(peer.send(peer.sender("in.partner-api"), another)))
                    .isTrue();
        }
    }

    private static Message annotated(IntStream names) {
        var message = message(Bodies.claim(Bodies.number(), "1"));
        var annotations = new HashMap<Symbol, Object>();
        names.forEach(n -> annotations.put(Symbol.valueOf("x-opt-" + n), n));
        message.setMessageAnnotations(new MessageAnnotations(annotations));
        return message;
    }

    /** Until the other side has said this. */
    private static void hear(Socket socket, byte[] wanted) throws IOException {
        var heard = new StringBuilder();
        while (heard.indexOf(new String(wanted, StandardCharsets.ISO_8859_1)) < 0) {
            var next = socket.getInputStream().read();
            assertThat(next).as("after %s", heard).isNotNegative();
            heard.append((char) next);
        }
    }

    /** Until the other side hangs up. */
    private static void endOf(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // as it did, with something of ours unread
        }
    }

    private static int sessions() {
        return hub.broker().server().getSessions().size();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(byte[]... pieces) {
        var bytes = new ByteArrayOutputStream();
        for (var piece : pieces) {
            bytes.writeBytes(piece);
        }
        return bytes.toByteArray();
    }

    private static Socket speak(byte[] bytes) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), hub.amqpPort());
        socket.getOutputStream().write(bytes);
        return socket;
    }

    @Test
    void writesIntoTheAuditWhateverAConsumerWantsThatIsNotItsOwn() throws JMSException {
        try (var connection = jms("audited", hub.secret("bus.audited"))) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            session.createConsumer(session.createQueue("hub.events::audited")).close();
            session.createBrowser(session.createQueue("hub.triggers::audited.triggers"))
                    .getEnumeration();
            assertThatThrownBy(() -> session.createConsumer(session.createQueue("hub.events::workflow")))
                    .isInstanceOf(JMSException.class);
        }
        isRefused("bus/audited", "unknown_connector", 1);
        for (var to : List.of("hub.events", "in.partner-api")) {
            try (var connection = jms("audited", hub.secret("bus.audited"))) {
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                assertThatThrownBy(() -> session.createProducer(session.createTopic(to))
                                .send(session.createTextMessage("forged")))
                        .isInstanceOf(JMSException.class)
                        .hasMessageContaining("and send nothing");
            }
        }
        isRefused("bus/audited", "unknown_connector", 3);
    }

    @Test
    void countsStrangersHoweverTheyTryToLogIn() throws IOException {
        var before = count("?", "unauthenticated");
        // no login at all, and an anonymous one (AMQP 1.0, 5.3)
        knock(latin1("AMQP\0\1\0\0"));
        knock(latin1("AMQP\3\1\0\0" + "\0\0\0\31\2\1\0\0" + "\0SA\u00c0\14\1\u00a3\11ANONYMOUS"));
        await().atMost(Hub.PATIENCE)
                .untilAsserted(() -> assertThat(count("?", "unauthenticated")).isEqualTo(before + 2));
        hub.awaitRefusal("?", "delivery-refused", "unauthenticated");
        AmqpPeer.of(hub.amqpPort(), "in.partner-api", "wrong", javax.net.SocketFactory.getDefault())
                .close();
        hub.awaitRefusal("partner-api", "delivery-refused", "unauthenticated");
    }

    /** Thousands come and go in the time that each is given to say who he is, and all of them are in one memory. */
    @Test
    void keepsNothingOfStrangersWhoHaveGone() throws IOException {
        for (var n = 0; n < 300; n++) {
            knock(AmqpPeer.login("nobody", "wrong"));
        }
        // sooner than their time is up; connections of other tests are some more
        await().atMost(Duration.ofSeconds(5)).until(AmqpDoorTest::connectionsInMemory, found -> found < 150);
    }

    /** In this virtual machine, after a collection. */
    private static int connectionsInMemory() throws JMException {
        var histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(line -> line.length > 3 && line[3].equals("io.dovetail.intake.queue.AmqpMeter"))
                .mapToInt(line -> Integer.parseInt(line[1]))
                .sum();
    }

    /** Until the broker hangs up. */
    private static void knock(byte[] bytes) throws IOException {
        try (var socket = new Socket("127.0.0.1", hub.amqpPort())) {
            socket.getOutputStream().write(bytes);
            socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void refusesJavaObjectsMapsAndStreams() throws JMSException {
        try (var connection = jms("in.partner-api", "partner-password")) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            var producer = session.createProducer(session.createQueue("in.partner-api"));
            var map = session.createMapMessage();
            map.setString("type", "claim.submitted");
            var stream = session.createStreamMessage();
            stream.writeString("claim.submitted");
            for (var message : List.of(session.createObjectMessage("gadget"), map, stream, session.createMessage())) {
                assertThatThrownBy(() -> producer.send(message)).isInstanceOf(JMSException.class);
            }
        }
    }

    @Test
    void refusesWhatIsTooLargeBeforeItIsHere() {
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            var claim = Bodies.claim(Bodies.number(), "1");
            var fits = claim + " ".repeat(MAX_BYTES - claim.length());
            assertThat(AmqpPeer.isAccepted(peer.send(sender, message(fits)))).isTrue();
            assertThat(AmqpPeer.rejection(peer.send(sender, message(fits + " "))))
                    .contains("at most 65,536 bytes");
            assertThat(AmqpPeer.rejection(peer.send(sender, message(claim + " ".repeat(1_000_000)))))
                    .contains("at most 65,536 bytes");
        }
        var issue = Bodies.issueCreated(Bodies.number());
        var mebibyte = issue + " ".repeat((1 << 20) - issue.length());
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            var sender = peer.sender("in.jira");
            var largest = message(mebibyte);
            largest.setApplicationProperties(new ApplicationProperties(Map.of("x", "y".repeat(60_000))));
            assertThat(AmqpPeer.isAccepted(peer.send(sender, largest))).isTrue();
            assertThat(AmqpPeer.rejection(peer.send(sender, message(mebibyte + " "))))
                    .contains("at most 1,048,576");
        }
        await().atMost(Hub.PATIENCE).until(() -> hub.stored(mebibyte) == 1);
        // larger than any connector takes: nobody waits for the end of it
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            peer.begin(sender, 0);
            peer.more(sender, GIBIBYTE);
            for (var sent = 0; sent < 100 && !peer.isClosed(); sent++) {
                peer.more(sender, new byte[64 * 1024]);
                peer.listen();
            }
            assertThat(String.valueOf(peer.whyClosed())).contains("message-size-exceeded");
        }
        // what Artemis wraps of its own could say where it is to be routed
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api", Symbol.valueOf("AMQ_CORE_MESSAGE_TUNNELING"));
            peer.send(sender, AmqpPeer.encoded(message("wrapped")), 0x468C0000L);
            assertThat(String.valueOf(peer.whyClosed())).contains("message-format 0");
        }
    }

    @Test
    void parksWhatIsNotWellFormed() {
        var number = Bodies.number();
        try (var peer = partner()) {
            assertThat(AmqpPeer.isAccepted(
                            peer.send(peer.sender("in.partner-api"), message("{\"claim\": \"" + number + "\""))))
                    .isTrue();
        }
        var letter = await().atMost(Hub.PATIENCE)
                .until(
                        () -> parked("partner-api").stream()
                                .filter(one -> one.at("/failure/rule").asText().equals("well-formed"))
                                .filter(one -> hub.get("/api/dead-letters/"
                                                + one.path("id").asText())
                                        .text()
                                        .contains(number))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
        assertThat(letter.at("/failure/kind").asText()).isEqualTo("CONTRACT");
        var text = Bodies.claim(number, "10").replace("\"", "\\\"").replace("\n", "\\n");
        hub.post(
                        "/api/dead-letters/" + letter.path("id").asText() + "/replay",
                        "{\"reason\": \"as they meant it\", \"text\": \"" + text + "\"}")
                .hasStatus(200);
        event(number);
    }

    @Test
    void recognisesAMessageByItsIdAndParksAnotherOneUnderIt() {
        var id = "msg-" + UUID.randomUUID();
        var claim = Bodies.number();
        var other = Bodies.number();
        var next = Bodies.number();
        var duplicates = count("partner-api", "duplicate");
        var conflicts = count("partner-api", "conflict");
        var audited = hub.refusals("partner-api/default", "delivery-refused", "conflict");
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            for (var body : List.of(
                    Bodies.claim(claim, "10"),
                    Bodies.claim(claim, "10"),
                    Bodies.claim(other, "11"),
                    Bodies.claim(other, "11"))) {
                var message = message(body);
                message.setMessageId(id);
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
            }
            assertThat(AmqpPeer.isAccepted(peer.send(sender, message(Bodies.claim(next, "12")))))
                    .isTrue();
        }
        event(claim);
        // the queue goes on
        event(next);
        var letter = awaitParked("partner-api", "delivery id not unique", id, 1).getFirst();
        assertThat(letter.at("/failure/kind").asText()).isEqualTo("CONTRACT");
        assertThat(letter.at("/failure/message").asText())
                .contains("used before, with another body, by the delivery " + delivery(claim));
        // stored once, however often it comes, and found by what it is about
        assertThat(hub.stored(Bodies.claim(other, "11"))).isOne();
        assertThat(hub.get("/api/timeline?key=" + other).json().path("events")).hasSize(1);
        assertThat(count("partner-api", "conflict")).isEqualTo(conflicts + 2);
        assertThat(count("partner-api", "duplicate")).isEqualTo(duplicates + 1);
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.refusals("partner-api/default", "delivery-refused", "conflict") == audited + 2);
        assertThat(hub.get("/api/books").json().findValuesAsText("difference")).containsOnly("0");

        hub.post("/api/dead-letters/" + letter.path("id").asText() + "/replay", "{\"reason\": \"it is news\"}")
                .hasStatus(200);
        event(other);
        assertThat(hub.get("/api/timeline?key=" + other).json().path("events")).hasSize(1);
    }

    @Test
    void parksWhatIsNotWellFormedUnderAUsedIdForThat() {
        var id = "msg-" + UUID.randomUUID();
        var claim = Bodies.number();
        var broken = "{\"claim\": " + Bodies.number();
        var next = Bodies.number();
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            for (var body : List.of(Bodies.claim(claim, "10"), broken, Bodies.claim(claim, "11"))) {
                var message = message(body);
                message.setMessageId(id);
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
            }
            peer.send(sender, message(Bodies.claim(next, "12")));
        }
        event(claim);
        event(next);
        awaitParked("partner-api", "delivery id not unique", id, 1);
        assertThat(hub.stored(broken)).isOne();
    }

    /** What is decided more than once is a conflict still. */
    @Test
    void parksItAlsoWhenItHadToWait() {
        var id = "msg-" + UUID.randomUUID();
        var claim = Bodies.number();
        hub.post("/api/pauses", "{\"what\": \"connector\", \"name\": \"partner-api\", \"reason\": \"a test\"}")
                .hasStatus(200);
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            for (var amount : List.of("10", "11")) {
                var message = message(Bodies.claim(claim, amount));
                message.setMessageId(id);
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
            }
            await().atMost(Hub.PATIENCE).until(() -> hub.stored(Bodies.claim(claim, "11")) == 1);
        } finally {
            hub.post("/api/pauses/resume", "{\"what\": \"connector\", \"name\": \"partner-api\", \"reason\": \"over\"}")
                    .hasStatus(200);
        }
        awaitParked("partner-api", "delivery id not unique", id, 1);
    }

    @Test
    void parksEachEventOfADeliveryUnderAUsedId() {
        var id = "msg-" + UUID.randomUUID();
        var orders = List.of(Bodies.number(), Bodies.number(), Bodies.number());
        var each = orders.stream()
                .map(order -> Bodies.order(order, Bodies.number()))
                .toList();
        var root = each.get(1).lastIndexOf("</");
        var two = each.get(1).substring(0, root)
                + each.get(2).substring(each.get(2).indexOf("<IDOC"));
        try (var peer = AmqpPeer.of(hub, "in.sap-idoc")) {
            var sender = peer.sender("in.sap-idoc");
            for (var body : List.of(each.getFirst(), two)) {
                var message = message(body);
                message.setMessageId(id);
                message.setContentType("application/xml");
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
            }
        }
        var letters = awaitParked("sap-idoc", "delivery id not unique", id, 2);
        for (var letter : letters) {
            hub.post("/api/dead-letters/" + letter.path("id").asText() + "/replay", "{\"reason\": \"it is news\"}")
                    .hasStatus(200);
        }
        for (var order : orders) {
            await().atMost(Hub.PATIENCE)
                    .until(() -> hub.get("/api/timeline?key=" + order)
                            .json()
                            .at("/events/0/state")
                            .asText()
                            .equals("published"));
        }
    }

    private static List<JsonNode> awaitParked(String connector, String rule, String value, int count) {
        return await().atMost(Hub.PATIENCE).until(() -> parked(connector, rule, value), found -> found.size() == count);
    }

    private static List<JsonNode> parked(String connector, String rule, String value) {
        return parked(connector).stream()
                .filter(one -> one.at("/failure/rule").asText().equals(rule))
                .filter(one -> one.at("/failure/value").asText().equals(value))
                .toList();
    }

    private static String delivery(String claim) {
        return hub.get("/api/timeline?key=" + claim)
                .json()
                .at("/events/0/delivery")
                .asText();
    }

    @Test
    void takesTheDeliveryIdFromTheNamedProperty() throws JMSException {
        var issue = Bodies.number();
        var before = count("jira", "duplicate");
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            var sender = peer.sender("in.jira");
            for (var n = 0; n < 2; n++) {
                var message = message(Bodies.issueCreated(issue));
                message.setMessageId("other-" + n);
                message.setApplicationProperties(
                        new ApplicationProperties(Map.of("issueEventId", UUID.nameUUIDFromBytes(issue.getBytes()))));
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
            }
        }
        await().atMost(Hub.PATIENCE).until(() -> count("jira", "duplicate") == before + 1);
    }

    @Test
    void keepsTheOrderOfTheQueueWhateverSendersSayOfIt() {
        var issue = Bodies.number();
        var updates = 300;
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            var sender = peer.sender("in.jira");
            peer.send(sender, message(Bodies.issueCreated(issue)));
            for (var n = 1; n <= updates; n++) {
                var message = message(Bodies.issueUpdated(issue, n));
                message.setPriority((short) (n % 10));
                message.setDurable(n % 2 == 0);
                message.setGroupId("group-" + n);
                message.setTtl(1);
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
            }
        }
        subscriber.hasChangesInOrder(issue, updates);
    }

    @Test
    void isNotSteeredByAnyProperty() {
        var names = List.of(
                "CamelJmsDestinationName",
                "camelJmsDestinationName",
                "CAmelJmsDestinationName",
                "CAMELJMSDESTINATIONNAME",
                "Camel_DOT_JmsDestinationName",
                "CamelJmsDestinationName ",
                "CamelFileName",
                "CamelHttpUri",
                "JMSReplyTo",
                "JMSXGroupID",
                "_AMQ_DUPL_ID",
                "_AMQ_SCHED_DELIVERY",
                "_AMQ_GROUP_ID",
                "_AMQ_ROUTE_TO",
                "_AMQ_LVQ_NAME",
                "kafka.OVERRIDE_TOPIC",
                "breadcrumbId",
                "org.apache.camel.x",
                "id",
                "type",
                "traceparent",
                "ce-id",
                "cloudEvents:type");
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            for (var name : names) {
                var claim = Bodies.number();
                var message = message(Bodies.claim(claim, "10"));
                message.setReplyTo("hub.events");
                message.setCorrelationId("hub.triggers");
                message.setSubject("hub.triggers");
                message.setGroupId("hub.triggers");
                message.setApplicationProperties(new ApplicationProperties(Map.of(name, "hub.triggers")));
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message)))
                        .as(name)
                        .isTrue();
                assertThat(event(claim).json().toString()).as(name).doesNotContain("hub.triggers");
            }
        }
        // among them whatever an event carries beyond its own id and type
        assertThat(subscriber.faults()).isEmpty();
    }

    /** Whatever a delivery over HTTP brings along, its event says of itself what the hub says. */
    @Test
    void carriesNoHeaderOfAWebhookToTheBus() {
        var issue = Bodies.number();
        var delivery = hub.signed().jira(Bodies.issueCreated(issue));
        for (var name : List.of(
                "id",
                "type",
                "ce-id",
                "ce-type",
                "CamelJmsDestinationName",
                "JMSReplyTo",
                "JMSCorrelationID",
                "JMSType",
                "JMSXGroupID",
                "_AMQ_GROUP_ID",
                "X-Own")) {
            delivery.header(name, "hub.triggers");
        }
        hub.send(delivery).hasStatus(202);
        var event = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(issue));
        assertThat(event.json().toString()).doesNotContain("hub.triggers");
        assertThat(subscriber.faults()).isEmpty();
    }

    @Test
    void readsSeveralDataSectionsIdsOfEveryTypeAndATrace() {
        var claim = Bodies.number();
        var body = Bodies.claim(claim, "10").getBytes(StandardCharsets.UTF_8);
        var half = AmqpPeer.encoded(message(new Data(new Binary(body, 0, 40))));
        var rest = Proton.message();
        rest.setBody(new Data(new Binary(body, 40, body.length - 40)));
        var second = AmqpPeer.encoded(rest);
        var both = java.util.Arrays.copyOf(half, half.length + second.length);
        System.arraycopy(second, 0, both, half.length, second.length);
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            assertThat(AmqpPeer.isAccepted(peer.send(sender, both, 0))).isTrue();
            event(claim);
            for (var id : List.of(
                    UUID.randomUUID(), org.apache.qpid.proton.amqp.UnsignedLong.valueOf(5), new Binary(new byte[] {1, 0
                    }))) {
                var trace = "00-%032x-00f067aa0ba902b7-01".formatted(Long.parseLong(Bodies.number()));
                var message = message(Bodies.claim(Bodies.number(), "10"));
                message.setMessageId(id);
                message.setApplicationProperties(
                        new ApplicationProperties(Map.of("traceparent", trace, "x", UnsignedByte.valueOf((byte) 3))));
                assertThat(AmqpPeer.isAccepted(peer.send(sender, message))).isTrue();
                subscriber.awaitOne(
                        Addresses.EVENTS,
                        r -> r.json().path("traceparent").asText().startsWith(trace.substring(0, 35)));
            }
        }
    }

    @Test
    void shutsOutASenderWhoIsRevokedAlsoOnAnOpenConnection() throws IOException {
        var file = hub.secrets().resolve("partner-api.globex.amqp");
        Files.writeString(file, "first\nsecond\n");
        await().atMost(Hub.PATIENCE).until(() -> canSend("first"));
        var socket = javax.net.SocketFactory.getDefault();
        try (var old = AmqpPeer.of(hub.amqpPort(), "in.partner-api.globex", "first", socket);
                var young = AmqpPeer.of(hub.amqpPort(), "in.partner-api.globex", "second", socket)) {
            var oldSender = old.sender("in.partner-api");
            var youngSender = young.sender("in.partner-api");
            // the first line is the one to use, and whoever still uses the other one is seen
            Files.writeString(file, "second\nfirst\n");
            await().atMost(Hub.PATIENCE).until(() -> {
                old.send(oldSender, message(Bodies.claim(Bodies.number(), "1")));
                return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                        .to(hub.managementPort())
                        .text()
                        .lines()
                        .anyMatch(
                                line -> line.startsWith(
                                        "hub_secret_old_last_used_seconds{connector=\"partner-api\",name=\"amqp\",sender=\"globex\"} 1."));
            });
            Files.writeString(file, "second\n");
            await().atMost(java.time.Duration.ofSeconds(5)).until(() -> {
                // the one that goes on must not keep the other one in
                assertThat(AmqpPeer.isAccepted(young.send(youngSender, message(Bodies.claim(Bodies.number(), "1")))))
                        .isTrue();
                return !AmqpPeer.isAccepted(old.send(oldSender, message(Bodies.claim(Bodies.number(), "1"))));
            });
            assertThat(AmqpPeer.rejection(old.send(oldSender, message(Bodies.claim(Bodies.number(), "1")))))
                    .contains("unauthorized-access");
        }
    }

    @Test
    void changesTheSecretOfAConsumerOfTheBusLikeAnyOther() throws Exception {
        var file = hub.secrets().resolve("bus.enrichment");
        Files.writeString(file, "second\nfirst\n");
        await().atMost(Duration.ofSeconds(5)).until(() -> canRead("second"));
        var ended = new CountDownLatch(1);
        try (var old = reader("first")) {
            old.setExceptionListener(e -> ended.countDown());
            old.start();
            await().atMost(Hub.PATIENCE)
                    .until(
                            () -> hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                                    .to(hub.managementPort())
                                    .text()
                                    .contains(
                                            "hub_secret_old_last_used_seconds{connector=\"bus\",name=\"enrichment\",sender=\"default\"} 1."));
            Files.writeString(file, "second\n");
            assertThat(ended.await(Hub.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(canRead("first")).isFalse();
        assertThat(canRead("second")).isTrue();
    }

    private static Connection reader(String password) throws JMSException {
        return new JmsConnectionFactory("amqp://127.0.0.1:" + hub.amqpPort()).createConnection("enrichment", password);
    }

    private static boolean canRead(String password) throws JMSException {
        try (var connection = reader(password)) {
            connection.start();
            return true;
        } catch (JMSSecurityException e) {
            return false;
        }
    }

    @Test
    void readsNoMoreInASecondThanAllSendersMaySendTogether() {
        var number = Bodies.number();
        try (var peer = AmqpPeer.of(hub, "in.sap-idoc")) {
            var sender = peer.sender("in.sap-idoc");
            for (var n = 0; n < 12; n++) {
                var order = message(Bodies.order(number, Bodies.number()));
                order.setContentType("application/xml");
                assertThat(AmqpPeer.isAccepted(peer.send(sender, order))).isTrue();
            }
        }
        var accepted = await().atMost(Hub.PATIENCE)
                .until(
                        () -> hub.get("/api/timeline?key=" + number)
                                .json()
                                .path("events")
                                .valueStream()
                                .map(event ->
                                        Instant.parse(event.path("acceptedAt").asText()))
                                .sorted()
                                .toList(),
                        times -> times.size() == 12);
        // four are there to begin with, and the last four are taken when those before them are paid for
        assertThat(Duration.between(accepted.getFirst(), accepted.getLast())).isGreaterThan(Duration.ofMillis(900));
    }

    /** Faster than they are stored: nothing is lost, and nothing fills the memory. */
    @Test
    void takesAFloodOfMessagesWhoseSenderWaitsForNothing() {
        var claim = Bodies.claim(Bodies.number(), "1");
        var encoded = AmqpPeer.encoded(message(claim + " ".repeat(MAX_BYTES - claim.length())));
        try (var peer = partner()) {
            var sender = peer.sender("in.partner-api");
            var deliveries = IntStream.range(0, 400)
                    .mapToObj(n -> {
                        peer.awaitCredit(sender);
                        var delivery = peer.begin(sender, 0);
                        peer.more(sender, encoded);
                        sender.advance();
                        return delivery;
                    })
                    .toList();
            assertThat(deliveries).allMatch(delivery -> AmqpPeer.isAccepted(peer.outcome(delivery)));
        }
    }

    @Test
    void endsAConnectionThatOpensLinksWithoutEnd() {
        try (var peer = partner()) {
            for (var n = 0; n < 20 && !peer.isClosed(); n++) {
                peer.sender("in.partner-api");
            }
            assertThat(String.valueOf(peer.whyClosed())).contains("resource-limit-exceeded");
        }
    }

    @Test
    void endsAConnectionThatOpensSessionsWithoutEnd() {
        var before = sessions();
        for (var times = 0; times < 5; times++) {
            try (var peer = partner()) {
                for (var n = 0; n < 20 && !peer.isClosed(); n++) {
                    peer.moreSessions();
                }
                assertThat(String.valueOf(peer.whyClosed())).contains("resource-limit-exceeded");
            }
        }
        await().atMost(Hub.PATIENCE).until(AmqpDoorTest::sessions, left -> left <= before);
    }

    /** There is a number of them for all, and consumers need theirs; who has two names is one sender. */
    @Test
    void leavesConnectionsForOthers() {
        var peers = new ArrayList<AmqpPeer>();
        try {
            while (peers.size() < 50) {
                peers.add(partner());
                peers.add(partnerByItsLongName());
            }
            assertThat(peers).noneMatch(AmqpPeer::isClosed);
            try (var peer = partner();
                    var again = partnerByItsLongName()) {
                for (var tooMany : List.of(peer, again)) {
                    assertThat(String.valueOf(tooMany.whyClosed())).contains("You have at most 50 connections");
                }
            }
            try (var other = AmqpPeer.of(hub, "in.partner-api.acme")) {
                assertThat(AmqpPeer.isAccepted(other.send(
                                other.sender("in.partner-api"), message(Bodies.claim(Bodies.number(), "1")))))
                        .isTrue();
            }
        } finally {
            peers.forEach(AmqpPeer::close);
        }
        // who goes leaves room
        await().atMost(Hub.PATIENCE).until(() -> {
            try (var peer = partner()) {
                return AmqpPeer.isAccepted(
                        peer.send(peer.sender("in.partner-api"), message(Bodies.claim(Bodies.number(), "1"))));
            }
        });
    }

    /** None of them is too large, and all together would fill the memory. */
    @Test
    void endsTheConnectionWhoseMessageIsHalfSentForTheLongestTime() {
        var peers = new ArrayList<AmqpPeer>();
        try {
            for (var n = 0; n < 40; n++) {
                var peer = AmqpPeer.of(hub, "in.jira");
                peers.add(peer);
                var sender = peer.sender("in.jira");
                peer.begin(sender, 0);
                peer.more(sender, bytes(GIBIBYTE, new byte[1 << 20]));
            }
            assertThat(String.valueOf(peers.getFirst().whyClosed())).contains("resource-limit-exceeded");
            // nobody else has to go for it
            assertThat(peers.getLast().isClosed()).isFalse();
            var claim = Bodies.number();
            try (var peer = partner()) {
                assertThat(AmqpPeer.isAccepted(
                                peer.send(peer.sender("in.partner-api"), message(Bodies.claim(claim, "1")))))
                        .isTrue();
            }
            event(claim);
        } finally {
            peers.forEach(AmqpPeer::close);
        }
    }

    @Test
    void endsAConnectionOfWhichNobodyHearsWhoItIs() throws IOException {
        try (var silent = new Socket("127.0.0.1", hub.amqpPort())) {
            silent.setSoTimeout((int) Hub.PATIENCE.toMillis());
            silent.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 3, 1, 0, 0});
            // which mechanisms there are, and nothing more
            assertThat(silent.getInputStream().readAllBytes()).contains('P', 'L', 'A', 'I', 'N');
        }
    }

    @Test
    void survivesWhatIsNoMessageAtAll() {
        var random = new java.util.Random(4711);
        for (var n = 0; n < 50; n++) {
            var garbage = new byte[random.nextInt(1, 500)];
            random.nextBytes(garbage);
            try (var peer = partner()) {
                assertThat(AmqpPeer.isAccepted(peer.send(peer.sender("in.partner-api"), garbage, 0)))
                        .isFalse();
            }
        }
        // a list in a list in a list …
        var deep = new byte[200_000];
        for (var n = 0; n + 9 <= deep.length; n += 9) {
            deep[n] = (byte) 0xd0;
            ByteBuffer.wrap(deep).putInt(n + 1, deep.length - n - 5).putInt(n + 5, 1);
        }
        var section = new byte[deep.length + 3];
        System.arraycopy(deep, 0, section, 3, deep.length);
        section[1] = 0x53;
        for (var code : new byte[] {0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78}) { // each there is
            section[2] = code;
            try (var peer = AmqpPeer.of(hub, "in.jira")) {
                assertThat(AmqpPeer.isAccepted(peer.send(peer.sender("in.jira"), section, 0)))
                        .as("section %x", code)
                        .isFalse();
            }
        }
        var claim = Bodies.number();
        try (var peer = partner()) {
            peer.send(peer.sender("in.partner-api"), message(Bodies.claim(claim, "1")));
        }
        event(claim);
    }

    private static boolean canSend(String password) {
        try (var peer =
                AmqpPeer.of(hub.amqpPort(), "in.partner-api.globex", password, javax.net.SocketFactory.getDefault())) {
            return peer.isIn();
        }
    }
}
