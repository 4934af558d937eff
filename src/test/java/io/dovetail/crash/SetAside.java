package io.dovetail.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** What the broker of a stopped hub keeps in its dead-letter queues, read by a bare broker on the same files. */
final class SetAside {

    private SetAside() {}

    static List<Arrival> in(Path artemis) throws Exception {
        var configuration = new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setPersistenceEnabled(true)
                .setJournalDirectory(artemis.resolve("journal").toString())
                .setBindingsDirectory(artemis.resolve("bindings").toString())
                .setPagingDirectory(artemis.resolve("paging").toString())
                .setLargeMessagesDirectory(artemis.resolve("large-messages").toString())
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setDeadLetterAddress(SimpleString.of("none"))
                                .setExpiryAddress(SimpleString.of("none")))
                .addAcceptorConfiguration("in-vm", "vm://4711");
        var broker = new EmbeddedActiveMQ();
        broker.setConfiguration(configuration);
        broker.start();
        try (var locator = ActiveMQClient.createServerLocator("vm://4711");
                var factory = locator.createSessionFactory();
                var session = factory.createSession()) {
            session.start();
            var arrivals = new ArrayList<Arrival>();
            for (var queue : List.of("DLQ.hub.events", "DLQ.hub.triggers")) {
                if (!session.queueQuery(SimpleString.of(queue)).isExists()) {
                    continue;
                }
                var browser = session.createConsumer(queue, true);
                for (var message = browser.receiveImmediate(); message != null; message = browser.receiveImmediate()) {
                    var body = new byte[message.getBodySize()];
                    message.getBodyBuffer().readBytes(body);
                    arrivals.add(Arrival.of(body));
                }
            }
            return arrivals;
        } finally {
            broker.stop();
        }
    }
}
