package io.dovetail;

import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.connector.Amqp;
import io.dovetail.connector.Connector;
import io.dovetail.flow.BackOff;
import io.dovetail.flow.Flow;
import io.dovetail.flow.FlowSettings;
import io.dovetail.flow.KeptVersions;
import io.dovetail.flow.Live;
import io.dovetail.intake.Admission;
import io.dovetail.intake.FreeSpace;
import io.dovetail.intake.Intake;
import io.dovetail.intake.IntakeSettings;
import io.dovetail.intake.KeySets;
import io.dovetail.intake.Rotations;
import io.dovetail.intake.Secrets;
import io.dovetail.intake.poll.Pollers;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.intake.queue.AmqpDoors;
import io.dovetail.intake.queue.KafkaSettings;
import io.dovetail.intake.queue.OtherBrokers;
import io.dovetail.intake.queue.QueueReaders;
import io.dovetail.ledger.AuditLog;
import io.dovetail.ledger.Books;
import io.dovetail.ledger.Cursors;
import io.dovetail.ledger.DeadLetters;
import io.dovetail.ledger.Deliveries;
import io.dovetail.ledger.FailureGroups;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.HeadFile;
import io.dovetail.ledger.History;
import io.dovetail.ledger.Holds;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.Memory;
import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.Partitions;
import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.Pauses.What;
import io.dovetail.ledger.ProposedEdits;
import io.dovetail.ledger.Refusals;
import io.dovetail.ledger.ReplayPlans;
import io.dovetail.ledger.Republications;
import io.dovetail.ledger.Retention;
import io.dovetail.ledger.SecretHistory;
import io.dovetail.ledger.Selection;
import io.dovetail.ledger.Storage;
import io.dovetail.ledger.Timeline;
import io.dovetail.ledger.Transactions;
import io.dovetail.ledger.Verification;
import io.dovetail.ledger.Versions;
import io.dovetail.operate.AuditRound;
import io.dovetail.operate.AuditSettings;
import io.dovetail.operate.BooksAlarm;
import io.dovetail.operate.EditGauge;
import io.dovetail.operate.HoldGauges;
import io.dovetail.operate.Housekeeping;
import io.dovetail.operate.HubHealth;
import io.dovetail.operate.OperatorSettings;
import io.dovetail.operate.Operators;
import io.dovetail.operate.PauseGauges;
import io.dovetail.operate.Reload;
import io.dovetail.operate.SecretWatch;
import io.dovetail.operate.StorageGauges;
import io.dovetail.operate.UnprovedGauge;
import io.dovetail.operate.Watch;
import io.dovetail.relay.Again;
import io.dovetail.relay.Bus;
import io.dovetail.relay.Relay;
import io.dovetail.replay.DryRun;
import io.dovetail.replay.Repair;
import io.dovetail.replay.Replays;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.web.servlet.WebMvcObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.env.Environment;

/** How the rooms are joined: data flows from intake by way of flow to relay, and news of it flow back as wake-ups. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = {
            DataSourceAutoConfiguration.class,
            FlywayAutoConfiguration.class,
            ArtemisAutoConfiguration.class,
            // deliveries are measured where they are answered; measuring every request again costs as much as parsing
            // it
            WebMvcObservationAutoConfiguration.class,
            ObservationAutoConfiguration.class
        })
// to look through all rooms for the few that have something would take a twentieth of the start
@ComponentScan({"io.dovetail.operate", "io.dovetail.intake.web"})
@EnableConfigurationProperties({
    HubSettings.class,
    KeySettings.class,
    RepairSettings.class,
    IntakeSettings.class,
    KafkaSettings.class,
    FlowSettings.class,
    AuditSettings.class,
    OperatorSettings.class
})
class HubApplication {

    private static final Logger log = LoggerFactory.getLogger(HubApplication.class);
    private static final int FENCED_EXIT = 70;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Of webhooks and the API. */
    @Bean
    PortTls frontTls(ServerProperties server, SslBundles bundles) {
        return PortTls.of("server.ssl", server.getSsl(), bundles);
    }

    /** Of health and metrics. */
    @Bean
    PortTls managementTls(ManagementServerProperties server, SslBundles bundles) {
        return PortTls.of("management.server.ssl", server.getSsl(), bundles);
    }

    @Bean
    SecretFiles secretFiles(HubSettings settings) {
        return new SecretFiles(settings.secretsPath());
    }

    /** The servers and the configuration begin to start while Spring is still at its own. */
    @Bean(destroyMethod = "close")
    Foundation foundation(
            HubSettings settings,
            SecretFiles secrets,
            FlowSettings flow,
            KeySettings keys,
            PortTls frontTls,
            PortTls managementTls,
            ManagementServerProperties management,
            Environment environment,
            SslBundles bundles) {
        var others = new ArrayList<>(List.of(Port.ofAmqp(settings)));
        Port.ofManagement(management, managementTls, environment).ifPresent(others::add);
        return Foundation.lay(settings, secrets, flow, keys, frontTls, others, bundles);
    }

    @Bean
    DataSource dataSource(Foundation foundation) {
        return foundation.database().dataSource();
    }

    @Bean
    Consumer<FencedException> onFenced() {
        return e -> {
            log.error(e.getMessage());
            Thread.ofPlatform().name("fenced").start(() -> Runtime.getRuntime().exit(FENCED_EXIT));
        };
    }

    @Bean
    Partitions partitions(FlowSettings settings) {
        return new Partitions(settings.partitions());
    }

    @Bean
    Transactions transactions(DataSource dataSource, Clock clock, Partitions partitions) {
        return Transactions.takeOver(dataSource, clock, partitions.count());
    }

    @Bean
    Books books(Transactions transactions) {
        return new Books(transactions);
    }

    @Bean
    History history(Transactions transactions, Live live) {
        return new History(
                transactions, connector -> retention(live.configuration().connector(connector)));
    }

    private static String retention(@Nullable Connector connector) {
        return connector == null ? History.STANDARD : connector.retention();
    }

    @Bean
    Verification verification(Transactions transactions) {
        return new Verification(transactions);
    }

    @Bean
    Memory memory(Partitions partitions) {
        return new Memory(partitions);
    }

    @Bean
    Outbox outbox(Transactions transactions, Memory memory) {
        return new Outbox(transactions, memory);
    }

    @Bean
    DeadLetters deadLetters(Transactions transactions, Partitions partitions) {
        return new DeadLetters(transactions, partitions);
    }

    @Bean
    ProposedEdits proposedEdits(Transactions transactions, DeadLetters deadLetters) {
        return new ProposedEdits(transactions, deadLetters);
    }

    @Bean
    Timeline timeline(Transactions transactions) {
        return new Timeline(transactions);
    }

    @Bean
    Versions versions(Transactions transactions) {
        return new Versions(transactions);
    }

    @Bean
    AuditLog auditLog(Transactions transactions) {
        return new AuditLog(transactions);
    }

    @Bean
    Refusals refusals(AuditLog audit, Clock clock) {
        return new Refusals(audit, clock);
    }

    @Bean
    HeadFile headFile(AuditSettings settings) {
        return new HeadFile(settings.head().toPath());
    }

    @Bean
    AuditRound auditRound(
            AuditLog audit,
            Refusals refusals,
            HubSettings settings,
            KafkaSettings kafka,
            SslProperties tls,
            ServerProperties front,
            ManagementServerProperties management,
            Transactions transactions,
            HeadFile file,
            Clock clock,
            MeterRegistry meters) {
        var others = new ArrayList<>(TlsFiles.of(tls, Arrays.asList(front.getSsl(), management.getSsl())));
        if (!kafka.properties().isEmpty()) {
            others.add(Path.of(kafka.properties()));
        }
        var secrets = new SecretWatch(settings.secretsPath(), others, new SecretHistory(transactions));
        return new AuditRound(audit, refusals, secrets, file, clock, meters);
    }

    @Bean
    Operators operators(Secrets secrets, Rotations rotations, HubSettings settings, Clock clock) {
        var admin = new AdminSecret(
                settings.adminPassword(),
                secrets,
                credential -> rotations.used(AdminSecret.OWNER, AdminSecret.NAME, credential));
        return new Operators(admin, settings.secretsPath(), clock);
    }

    @Bean
    Live live(Foundation foundation, Versions versions, BeanFactory beans) {
        var first = foundation.begin();
        var configuration = first.version().configuration();
        versions.begin(configuration.hash(), Archive.zip(configuration), first.held(), GivenSettings.of(own(beans)));
        return new Live(first.version());
    }

    /** All of the hub's own settings, as they are named above. */
    private static List<? extends Record> own(BeanFactory beans) {
        var named = Objects.requireNonNull(HubApplication.class.getAnnotation(EnableConfigurationProperties.class));
        return Stream.of(named.value())
                .map(type -> (Record) beans.getBean(type))
                .toList();
    }

    @Bean
    Reload reload(
            HubSettings settings,
            FlowSettings flow,
            KeySettings keys,
            Live live,
            Versions versions,
            AmqpDoors amqpDoors,
            QueueReaders queues,
            Pollers pollers) {
        return new Changeover(new Loader(settings.rootPath(), flow, keys), live, versions, () -> {
            amqpDoors.become(live.configuration());
            queues.adapt();
            pollers.adapt();
        });
    }

    @Bean
    KeptVersions keptVersions(Versions versions) {
        return new KeptVersions(hash -> Archive.load(hash, versions));
    }

    @Bean
    Bus bus(Foundation foundation) {
        return foundation.broker().bus();
    }

    @Bean
    Pauses pauses(Transactions transactions) {
        return new Pauses(transactions);
    }

    @Bean
    Relay relay(
            Outbox outbox,
            Pauses pauses,
            Bus bus,
            Clock clock,
            MeterRegistry meters,
            Consumer<FencedException> onFenced) {
        return new Relay(outbox, pauses, bus, clock, meters, onFenced);
    }

    /** Who asks other systems for routes. */
    @Bean(destroyMethod = "close")
    HttpNetwork network() {
        return new HttpNetwork();
    }

    @Bean
    Callers callers(HttpNetwork network, SecretFiles secrets, Clock clock, MeterRegistry meters) {
        return new Callers(network, secrets::toShow, clock, meters);
    }

    @Bean
    Flow flow(
            Live live,
            KeptVersions kept,
            FlowSettings settings,
            MeterRegistry meters,
            Transactions transactions,
            Memory memory,
            Callers callers,
            Pauses pauses,
            Relay relay,
            Consumer<FencedException> onFenced) {
        return new Flow(
                live,
                kept,
                settings,
                meters,
                partition -> new Inbox(transactions, partition, memory),
                callers,
                new BackOff(RandomGenerator.getDefault()),
                pauses::stops,
                relay::wake,
                onFenced);
    }

    @Bean
    FreeSpace freeSpace(Foundation foundation, Clock clock) {
        return foundation.freeSpace(clock);
    }

    @Bean
    Secrets secrets(Foundation foundation, Clock clock) {
        return foundation.secrets(clock);
    }

    @Bean(destroyMethod = "close")
    KeyFetcher keyFetcher(KeySettings settings, SslBundles bundles) {
        return new KeyFetcher(settings, bundles);
    }

    @Bean
    KeySets keySets(KeyFetcher fetcher) {
        return new KeySets(fetcher, System::nanoTime);
    }

    @Bean
    Rotations rotations(
            Live live,
            Foundation foundation,
            HubSettings settings,
            Secrets secrets,
            Clock clock,
            MeterRegistry meters) {
        var others = new HashMap<>(Map.of(BusConsumers.SECRETS, Set.copyOf(settings.consumers())));
        if (settings.adminPassword().isEmpty()) {
            others.put(AdminSecret.OWNER, Set.of(AdminSecret.NAME));
        }
        var rotations = new Rotations(live::configuration, others, secrets, clock, meters);
        foundation
                .consumers()
                .connect((consumer, credential) -> rotations.used(BusConsumers.SECRETS, consumer, credential));
        return rotations;
    }

    @Bean
    Admission admission(FreeSpace space, Pauses pauses) {
        return new Admission(space, () -> pauses.isPaused(What.INTAKE, ""));
    }

    @Bean
    Intake intake(
            Live live,
            Secrets secrets,
            KeySets keySets,
            Rotations rotations,
            IntakeSettings settings,
            Clock clock,
            Admission admission,
            Transactions transactions,
            Partitions partitions,
            History history,
            Memory memory,
            Flow flow,
            Refusals refusals,
            Consumer<FencedException> onFenced) {
        return new Intake(
                live::configuration,
                secrets,
                keySets,
                rotations,
                clock,
                settings,
                admission,
                () -> new Deliveries(transactions, partitions, history, memory),
                flow::accepted,
                refusals,
                onFenced);
    }

    @Bean
    AmqpDoors amqpDoors(
            Foundation foundation, Admission admission, Intake intake, Rotations rotations, MeterRegistry meters) {
        var doors = foundation.amqpDoors();
        doors.connect(
                admission,
                (connector, sender, reason) -> {
                    // who is known and no sender is a consumer of the bus
                    var owner = connector == null && sender != null ? BusConsumers.SECRETS : connector;
                    intake.refused(owner, sender, reason, null);
                    var known = owner == null ? "?" : owner;
                    meters.timer("hub_accept_seconds", "connector", known, "outcome", reason.label())
                            .record(Duration.ZERO);
                },
                (connector, credential) -> rotations.used(connector.name(), Amqp.SECRET, credential));
        return doors;
    }

    @Bean
    QueueReaders queueReaders(
            Live live,
            AmqpDoors doors,
            Foundation foundation,
            KafkaSettings kafka,
            Callers callers,
            SecretFiles secrets,
            Intake intake,
            MeterRegistry meters) {
        return new QueueReaders(
                live::configuration,
                doors,
                Senders.to(foundation.broker()),
                new OtherBrokers(kafka, callers, secrets::toShow),
                intake,
                meters);
    }

    @Bean
    Pollers pollers(
            Live live,
            SecretFiles secrets,
            Intake intake,
            Transactions transactions,
            Callers callers,
            Clock clock,
            MeterRegistry meters) {
        var pollers = new Pollers(
                live::configuration,
                CamelPolls::new,
                secrets::missing,
                secrets::toShow,
                intake,
                new Cursors(transactions),
                callers,
                clock,
                meters);
        intake.onHint(pollers::hint);
        return pollers;
    }

    @Bean
    Repair repair(
            DeadLetters deadLetters,
            ProposedEdits proposedEdits,
            Versions versions,
            Live live,
            KeptVersions kept,
            RepairSettings settings,
            Flow flow) {
        return new Repair(
                deadLetters,
                proposedEdits,
                versions,
                live::configuration,
                kept::configuration,
                settings.approve(live.configuration()),
                flow::released);
    }

    @Bean
    FailureGroups failureGroups(Transactions transactions) {
        return new FailureGroups(transactions);
    }

    @Bean
    ReplayPlans replayPlans(Transactions transactions) {
        return new ReplayPlans(transactions);
    }

    @Bean
    Republications republications(Transactions transactions, ReplayPlans plans) {
        return new Republications(transactions, plans);
    }

    @Bean
    Again again(Republications republications, Pauses pauses, Foundation foundation, MeterRegistry meters) {
        var broker = foundation.broker();
        return new Again(republications, pauses, broker.bus(), broker::consumers, meters);
    }

    @Bean
    Replays replays(ReplayPlans plans, Republications republications, Repair repair, Again again, Flow flow) {
        return new Replays(plans, republications, repair, again::step, flow::accepted, UUID::randomUUID);
    }

    @Bean
    DryRun dryRun(Transactions transactions, Flow flow, FlowSettings settings) {
        return new DryRun(new Selection(transactions), flow::rehearse, settings.deadline());
    }

    @Bean
    BooksAlarm booksAlarm(Verification verification, Clock clock) {
        return new BooksAlarm(
                verification,
                clock,
                task -> Thread.ofPlatform().name("books").daemon().start(task));
    }

    @Bean
    Watch watch(
            Books books,
            BooksAlarm alarm,
            Outbox outbox,
            Pauses pauses,
            ProposedEdits edits,
            Live live,
            Transactions transactions,
            Clock clock,
            MeterRegistry meters) {
        return new Watch(
                books,
                alarm,
                outbox,
                new PauseGauges(pauses, outbox, clock, meters),
                new HoldGauges(new Holds(transactions), clock, meters),
                new EditGauge(edits, meters),
                new UnprovedGauge(live::configuration, meters),
                clock,
                meters);
    }

    @Bean
    Housekeeping housekeeping(Transactions transactions, HubSettings settings, MeterRegistry meters) {
        return new Housekeeping(
                new Retention(transactions, settings.retention()),
                new StorageGauges(new Storage(transactions), meters),
                meters);
    }

    @Bean
    Work work(
            Flow flow,
            Relay relay,
            Intake intake,
            Replays replays,
            QueueReaders queues,
            Pollers pollers,
            Watch watch,
            Rotations rotations,
            Housekeeping housekeeping,
            AuditRound audit,
            Foundation foundation,
            HubSettings settings,
            AuditSettings auditSettings) {
        return new Work(
                flow,
                relay,
                intake,
                replays,
                queues,
                pollers,
                watch,
                rotations,
                housekeeping,
                audit,
                foundation::tendBroker,
                settings.watchInterval(),
                auditSettings.interval());
    }

    @Bean
    Ready ready(
            Foundation foundation,
            HubSettings settings,
            Environment environment,
            Live live,
            PortTls frontTls,
            PortTls managementTls,
            SslBundles bundles) {
        var amqpTls = AmqpTls.port(settings.amqpSslBundle(), bundles);
        return new Ready(foundation, settings, environment, live, frontTls, managementTls, amqpTls);
    }

    @Bean
    HealthIndicator databaseHealthIndicator(DataSource dataSource) {
        return HubHealth.database(dataSource);
    }

    @Bean
    HealthIndicator busHealthIndicator(Relay relay, Foundation foundation) {
        return HubHealth.bus(() -> relay.isConnected() && foundation.broker().isRunning());
    }

    @Bean
    HealthIndicator booksHealthIndicator(BooksAlarm alarm) {
        return HubHealth.books(alarm::details);
    }

    @Bean
    HealthIndicator queuesHealthIndicator(QueueReaders queues) {
        return HubHealth.queues(queues::obstacles);
    }

    @Bean
    HealthIndicator pollsHealthIndicator(Pollers pollers) {
        return HubHealth.polls(pollers::obstacles);
    }

    @Bean
    HealthIndicator pausesHealthIndicator(Pauses pauses) {
        return HubHealth.pauses(pauses::list);
    }

    @Bean
    HealthIndicator diskHealthIndicator(FreeSpace space, HubSettings settings) {
        return HubHealth.disk(space::bytes, settings.minDiskFree().toBytes());
    }
}
