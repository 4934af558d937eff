package io.dovetail.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dovetail.connector.Connector;
import io.dovetail.harness.Carried;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import io.dovetail.harness.Subscriber;
import io.dovetail.relay.Addresses;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A hub as a process of its own with every shipped connector, several senders each, and canaries beside it. */
final class HubUnderFire implements Target, AutoCloseable {

    /** Beside {@code default}. */
    static final List<String> SENDERS = List.of("acme", "globex");

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LARGEST_KEPT = 64 << 10;
    private static final byte[] NOTHING = {'{', '}'};
    // a line of the log begins with the time; what else stands at its beginning was put there by a delivery, or is a
    // trace
    private static final Pattern LOUD =
            Pattern.compile("(?m)^(forged.*|\\[Fatal Error].*|.* ERROR .*|\tat .*|Caused by:.*)$");

    private final HubProcess process;
    private final HubProcess.Address address;
    private final Operator operator;
    private final Subscriber subscriber;
    private final Canaries canaries;
    private final DataSource database;
    private final Arrivals arrivals;
    private final GuardedKafka kafka;
    private final Map<String, Connector> connectors;
    private final Map<String, byte[]> events = new ConcurrentHashMap<>();
    private final Map<String, String> secrets;
    private int looked;
    private final Set<String> marked = ConcurrentHashMap.newKeySet();

    private HubUnderFire(
            HubProcess process,
            GuardedKafka kafka,
            Canaries canaries,
            DataSource database,
            Map<String, Connector> connectors)
            throws InterruptedException {
        this.process = process;
        this.kafka = kafka;
        this.arrivals = new Arrivals(database);
        this.canaries = canaries;
        this.database = database;
        this.connectors = connectors;
        this.address = process.ready();
        this.secrets = texts(address.secrets());
        this.operator = new Operator(address);
        this.subscriber = Subscriber.ofMessages(address, Addresses.EVENTS, this::heard);
    }

    static HubUnderFire in(Path directory) throws Exception {
        return in(directory, Map.of());
    }

    /** @param settings beyond those that it needs to be shot at, as variables of its environment */
    static HubUnderFire in(Path directory, Map<String, String> settings) throws Exception {
        var premises = Premises.in(directory);
        var folder = directory.resolve("canaries");
        var kafka = GuardedKafka.start(
                directory.resolve("kafka"), premises.connectors().keySet());
        var properties = directory.resolve("kafka.properties");
        kafka.credentials(properties);
        var environment = new HashMap<>(settings);
        environment.putAll(Map.of(
                "HUB_KAFKA_BOOTSTRAP_SERVERS",
                kafka.bootstrap(),
                "HUB_KAFKA_PROPERTIES",
                properties.toAbsolutePath().toString(),
                "HOSTILE_BAIT",
                folder.resolve("bait").toAbsolutePath().toString(),
                // whoever tries every credential as every user would keep the operator out as well
                "HUB_OPERATORS_FAILURESPERMINUTE",
                "100000"));
        var process = HubProcess.start(premises.root(), premises.data(), environment);
        try {
            process.ready();
            var database = premises.database();
            return new HubUnderFire(process, kafka, Canaries.in(folder, database), database, premises.connectors());
        } catch (Exception e) {
            process.close();
            kafka.close();
            throw e;
        }
    }

    /** Those that a log could hold and that nothing else is called. */
    private static Map<String, String> texts(Path directory) {
        try (var files = Files.list(directory)) {
            var texts = new TreeMap<String, String>();
            for (var file : files.toList()) {
                var text = Files.readString(file).strip();
                if (text.length() >= 12 && text.lines().count() == 1 && !text.startsWith("{")) {
                    texts.put(file.getFileName().toString(), text);
                }
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> senders() {
        return Stream.concat(Stream.of("default"), SENDERS.stream()).toList();
    }

    private void heard(Message message) throws JMSException {
        var carried = Carried.by(message);
        if (!carried.equals(Carried.MEANT)) {
            marked.add("an event carries " + carried + " beside its body");
        }
        heard(message.getBody(byte[].class));
    }

    private void heard(byte[] event) {
        try {
            // nobody looks into a large one again, and all of them together are more than memory holds
            var kept = event.length > LARGEST_KEPT ? NOTHING : event;
            events.put(MAPPER.readTree(event).path("id").asText(), kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var text = new String(event, StandardCharsets.UTF_8);
        for (var mark : List.of(Canaries.SECRET, SteeringHeaders.MARK)) {
            if (text.contains(mark)) {
                marked.add("an event holds " + mark + ": " + text);
            }
        }
    }

    HubProcess.Address address() {
        return address;
    }

    Canaries canaries() {
        return canaries;
    }

    Map<String, Connector> connectors() {
        return connectors;
    }

    Operator operator() {
        return operator;
    }

    HttpDoor http() {
        return new HttpDoor(address.port(), connectors, address::key);
    }

    AmqpDoor amqp() {
        return new AmqpDoor(address.amqpPort(), address::secret, arrivals);
    }

    KafkaDoor kafka() {
        return new KafkaDoor(kafka, arrivals);
    }

    GuardedKafka topics() {
        return kafka;
    }

    @Override
    public JsonNode delivery(String id) {
        var answer = operator.get("/api/deliveries/" + id);
        return answer.status() == 200 ? answer.body() : MissingNode.getInstance();
    }

    @Override
    public JsonNode published(String eventId) {
        if (subscriber.failure() != null) {
            throw new IllegalStateException("the subscriber reads no more", subscriber.failure());
        }
        var event = events.get(eventId);
        try {
            return event == null ? MissingNode.getInstance() : MAPPER.readTree(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void forgetPublished() {
        events.clear();
    }

    /** As the owner of its database. */
    void sql(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Override
    public long stored() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            var row = statement.executeQuery("select count(*) from delivery");
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Events that are neither published nor parked yet. */
    long inFlight() {
        var events = 0L;
        for (var page : operator.get("/api/books").body()) {
            events += page.at("/events/inFlight").asLong();
        }
        return events;
    }

    @Override
    public Duration cpu() {
        return ProcessHandle.of(address.pid())
                .flatMap(hub -> hub.info().totalCpuDuration())
                .orElseThrow();
    }

    @Override
    public List<String> leaks() {
        var found = new ArrayList<>(marked);
        marked.clear();
        try {
            var whole = Files.readAllBytes(process.log());
            var log = new String(whole, looked, whole.length - looked, StandardCharsets.UTF_8);
            looked = whole.length;
            LOUD.matcher(log).results().limit(20).forEach(line -> found.add("the hub's log: " + line.group()));
            if (log.contains(Canaries.SECRET)) {
                found.add("the hub's log holds what is in the canary's file");
            }
            secrets.forEach((file, secret) -> {
                if (log.contains(secret)) {
                    found.add("the hub's log holds the secret " + file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    @Override
    public List<String> health() {
        if (!process.isAlive()) {
            return List.of("the hub has ended: " + process.tail());
        }
        var found = new ArrayList<String>();
        if (subscriber.failure() != null) {
            found.add("the subscriber reads no more: " + subscriber.failure());
        }
        for (var page : operator.get("/api/books").body()) {
            if (page.path("difference").asLong() != 0) {
                found.add("the books do not balance: " + page);
            }
        }
        return found;
    }

    @Override
    public void close() {
        subscriber.close();
        arrivals.close();
        process.close();
        kafka.close();
        canaries.close();
    }
}
