package io.dovetail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dovetail.check.DealdeskExample;
import io.dovetail.check.Tree;
import io.dovetail.flow.FlowSettings;
import io.dovetail.operate.Reload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoaderTest {

    private static final String FILE = "connectors/jira/connector.yaml";
    private static final KeySettings NOWHERE = new KeySettings(List.of(), "");
    private static final FlowSettings FLOW = new FlowSettings(1, 500, Duration.ofMillis(50), Duration.ofSeconds(30), 3);

    @TempDir
    private Path root;

    private void verify(String by) throws IOException {
        Tree.of(root, "jira");
        var text = Files.readString(root.resolve(FILE));
        var changed = text.replaceFirst("verify: \\{[^}]*}", "verify: " + by);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(root.resolve(FILE), changed);
    }

    @Test
    void warnsOfAConnectorThatAsksForNoProof() throws IOException {
        verify("{ scheme: none, reason: Jira Data Center signs nothing }");
        var logger = (Logger) LoggerFactory.getLogger(Loader.class);
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        logger.addAppender(seen);
        try {
            var version = new Loader(root, FLOW, NOWHERE).load();
            version.translator().close();
            version.policies().close();
        } finally {
            logger.detachAppender(seen);
        }
        assertThat(seen.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("The connector jira takes deliveries from anybody, unproved: Jira Data Center signs"
                        + " nothing");
    }

    @Test
    void refusesACallThatLeavesNoTimeForTheRest() {
        DealdeskExample.addTo(Tree.of(root), DealdeskExample.CRM);
        var tight = new FlowSettings(1, 500, Duration.ofMillis(50), Duration.ofSeconds(9), 3);
        assertThatThrownBy(() -> new Loader(root, tight, NOWHERE).load())
                .isInstanceOfSatisfying(
                        Reload.RefusedException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "connectors/dealdesk/connector.yaml: calls.deadline is longer than half of"
                                                + " hub.flow.deadline, 4500 ms"));
    }

    @Test
    void refusesAConnectorThatAsksForNoProofAndDoesNotSayWhy() throws IOException {
        verify("{ scheme: none }");
        assertThatThrownBy(() -> new Loader(root, FLOW, NOWHERE).load())
                .isInstanceOfSatisfying(
                        Reload.RefusedException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        FILE + ":6: intake.webhook.verify: The property 'reason' is missing."));
    }
}
