package io.dovetail.relay.artemis;

import io.dovetail.relay.Addresses;
import io.dovetail.relay.BusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.PageFullMessagePolicy;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;

/** The broker's settings in Artemis' own terms. Nothing is created, managed or discovered over the wire. */
final class BrokerConfiguration {

    private static final int FLUSH_NANOS = 500_000; // how long a commit waits for others to share its sync with
    private static final int PAGE_BYTES = 4 << 20;
    // A message is one record of the journal. What is larger, Artemis would stream to files, without a limit; its size
    // is looked at after each frame, the last of which may go beyond it.
    private static final int FRAME_BYTES = 128 << 10;
    private static final int RECORD_BYTES = Broker.MAX_MESSAGE_BYTES + 2 * FRAME_BYTES;
    // No sender makes the broker drop a message by a number that somebody else used, or hold on to thousands of them
    private static final String SENDING =
            "maxFrameSize=%d;amqpMinLargeMessageSize=%d;amqpCredits=64;amqpLowCredits=32;amqpDuplicateDetection=false;"
                            .formatted(FRAME_BYTES, RECORD_BYTES)
                    + "amqpUseModifiedForTransientDeliveryErrors=true";
    // Artemis neither listens, nor waits for anybody to say something: AmqpAcceptor and LoginGate do
    private static final String HANDED_OVER = "httpUpgradeEnabled=true;handshakeTimeout=0";
    private static final long GUEST_MEMORY_BYTES = 8 << 20;
    private static final Set<String> RINGS = Set.of(Addresses.TELEMETRY, Addresses.DEAD_LETTERS);

    private BrokerConfiguration() {}

    static Configuration of(Path directory, BrokerSettings settings, int inVm) throws Exception {
        var configuration = new ConfigurationImpl()
                .setName("dovetail")
                .setJMXManagementEnabled(false)
                .setMessageCounterEnabled(false)
                .setSuppressSessionNotifications(true)
                .setSecurityEnabled(true)
                // It would forget with which password somebody was let in. Asking each time costs a microsecond.
                .setAuthenticationCacheSize(0)
                .setAuthorizationCacheSize(0)
                // Artemis lets this user do anything, and has a well-known password for it
                .setClusterPassword(UUID.randomUUID().toString())
                .setThreadPoolMaxSize(16)
                .setScheduledThreadPoolMaxSize(2)
                .addAcceptorConfiguration("in-vm", "vm://" + inVm)
                .addAcceptorConfiguration(
                        "amqp",
                        "tcp://%s:%d?protocols=AMQP;saslMechanisms=PLAIN;%s;remotingThreads=2;%s"
                                .formatted(settings.host(), settings.port(), HANDED_OVER, SENDING));
        amqp(configuration).setFactoryClassName(AmqpAcceptor.Factory.class.getName());
        storage(configuration, directory, settings);
        for (var address : Addresses.ALL) {
            address(configuration, address, settings);
        }
        guests(configuration, settings);
        configuration.addAddressSetting("#", closed(new AddressSettings()));
        configuration.putSecurityRoles("#", Set.of());
        return configuration;
    }

    /** The port for AMQP. */
    static TransportConfiguration amqp(Configuration configuration) {
        return configuration.getAcceptorConfigurations().stream()
                .filter(acceptor -> acceptor.getName().equals("amqp"))
                .findFirst()
                .orElseThrow();
    }

    private static void storage(Configuration configuration, Path directory, BrokerSettings settings) {
        configuration
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setLargeMessagesDirectory(directory.resolve("large-messages").toString())
                .setJournalSyncTransactional(true)
                .setJournalSyncNonTransactional(true)
                .setJournalDatasync(true)
                .setLargeMessageSync(true)
                .setJournalBufferSize_NIO(RECORD_BYTES + (64 << 10))
                .setJournalBufferTimeout_NIO(FLUSH_NANOS)
                .setPageSyncTimeout(FLUSH_NANOS)
                .setJournalFileSize(10 << 20)
                .setJournalPoolFiles(10)
                .setJournalLockAcquisitionTimeout(5_000)
                // a wedged journal stops the broker, which health then tells, instead of hanging for ever
                .setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.SHUTDOWN)
                .setMaxDiskUsage(-1) // a developer's laptop is often nine tenths full
                .setMinDiskFree(settings.minDiskFreeBytes());
        // Each address has a limit of its own: a common one would let a backlog of events choke the telemetry too.
        configuration.setGlobalMaxSize(-1);
    }

    private static void address(Configuration configuration, String address, BrokerSettings settings) {
        var limits = closed(new AddressSettings())
                .setDeadLetterAddress(SimpleString.of(Queues.deadLetters(address)))
                .setExpiryAddress(SimpleString.of(Queues.deadLetters(address)))
                .setNoExpiry(true)
                .setSendToDLAOnNoRoute(true)
                .setMaxDeliveryAttempts(10)
                .setRedeliveryDelay(0); // a later one would overtake it
        if (RINGS.contains(address)) {
            limits.setMaxSizeBytes(-1);
        } else {
            paged(limits, settings.memoryBytes(), settings.pageLimitBytes());
        }
        configuration.addAddressSetting(address, limits);
        configuration.putSecurityRoles(address, Set.of(Users.sender()));

        var queues = new ArrayList<QueueConfiguration>();
        for (var consumer : settings.consumers().names()) {
            var queue = queue(Queues.name(address, consumer), address, RoutingType.MULTICAST);
            if (RINGS.contains(address)) {
                queue.setRingSize((long)
                        (address.equals(Addresses.TELEMETRY) ? settings.telemetryRing() : settings.noticeRing()));
            }
            queues.add(queue);
            // the hub says something again to one queue alone
            configuration.putSecurityRoles(
                    Queues.qualified(address, consumer), Set.of(Users.reader(consumer), Users.sender()));
        }
        configuration.addAddressConfiguration(new CoreAddressConfiguration()
                .setName(address)
                .addRoutingType(RoutingType.MULTICAST)
                .setQueueConfigs(queues));
        deadLetters(configuration, Queues.deadLetters(address), settings);
    }

    private static void deadLetters(Configuration configuration, String address, BrokerSettings settings) {
        var limits = paged(closed(new AddressSettings()), PAGE_BYTES, settings.pageLimitBytes())
                .setDeadLetterAddress(SimpleString.of(address))
                .setExpiryAddress(SimpleString.of(address))
                .setNoExpiry(true)
                .setMaxDeliveryAttempts(-1);
        configuration.addAddressSetting(address, limits);
        configuration.addAddressConfiguration(new CoreAddressConfiguration()
                .setName(address)
                .addRoutingType(RoutingType.ANYCAST)
                .setQueueConfigs(List.of(queue(address, address, RoutingType.ANYCAST))));
    }

    /** Of all their queues, which come and go. */
    private static void guests(Configuration configuration, BrokerSettings settings) {
        var addresses = Guests.PREFIX + "#";
        configuration.addAddressSetting(
                addresses,
                paged(closed(new AddressSettings()), GUEST_MEMORY_BYTES, settings.pageLimitBytes())
                        .setNoExpiry(true)
                        // the hub puts back what it cannot store now, for as long as it takes; it stores the rest,
                        // so that nothing needs a dead-letter address
                        .setMaxDeliveryAttempts(-1)
                        .setRedeliveryDelay(0)
                        // a group for each message would be remembered for ever
                        .setDefaultGroupBuckets(1));
        configuration.putSecurityRoles(addresses, Set.of(Users.guests()));
    }

    private static AddressSettings closed(AddressSettings settings) {
        return settings.setAutoCreateAddresses(false)
                .setAutoCreateQueues(false)
                .setAutoDeleteAddresses(false)
                .setAutoDeleteQueues(false)
                .setDiskFullMessagePolicy(DiskFullMessagePolicy.FAIL);
    }

    private static AddressSettings paged(AddressSettings settings, long memoryBytes, long limitBytes) {
        return settings.setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setMaxSizeBytes(memoryBytes)
                .setPageSizeBytes(PAGE_BYTES)
                .setMaxReadPageBytes(2 * PAGE_BYTES)
                .setPageLimitBytes(limitBytes)
                .setPageFullMessagePolicy(PageFullMessagePolicy.FAIL);
    }

    static QueueConfiguration queue(String name, String address, RoutingType routing) {
        return QueueConfiguration.of(name)
                .setAddress(address)
                .setRoutingType(routing)
                .setDurable(true)
                .setAutoDelete(false)
                .setAutoCreated(false)
                .setConfigurationManaged(true);
    }

    /** Refuses a configuration under which a confirmed message could be gone. */
    static Configuration requireDurable(Configuration configuration) {
        var durable = configuration.isPersistenceEnabled()
                && configuration.isJournalSyncTransactional()
                && configuration.isJournalSyncNonTransactional()
                && configuration.isJournalDatasync()
                && configuration.isLargeMessageSync();
        if (!durable) {
            throw new BusException(
                    "The broker would not keep what it confirms: persistence, journal-sync-transactional,"
                            + " journal-sync-non-transactional, journal-datasync and large-message-sync must all be on.");
        }
        for (var address : Addresses.ALL) {
            var settings = configuration.getAddressSettings().get(address);
            if (settings == null || settings.getDeadLetterAddress() == null) {
                throw new BusException(
                        "The broker would throw away what a consumer rejects: the address %s has no dead-letter address."
                                .formatted(address));
            }
        }
        return configuration;
    }
}
