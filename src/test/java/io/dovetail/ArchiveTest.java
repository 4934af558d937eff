package io.dovetail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.flow.FlowSettings;
import io.dovetail.flow.Live;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.ledger.Versions;
import io.dovetail.operate.Reload;
import io.dovetail.translate.Translated;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A version goes into the ledger and comes back to work, or is refused for what is wrong with it. */
@ExtendWith(SharedDatabase.class)
class ArchiveTest {

    private final Shop shop = new Shop()
            .change("routes/triggers/orders.camel.yaml", "order.placed.v1,order.changed.v1", "order.placed.v1");
    private Versions versions;

    @BeforeEach
    void fresh(DataSource database) {
        versions = new Versions(new Store(database).transactions);
    }

    private Configuration keep() {
        var configuration = Configuration.of(shop.files(), new Problems());
        versions.goLive(configuration.hash(), Archive.zip(configuration), Actor.of("start"));
        return configuration;
    }

    @Test
    void putsAVersionToWorkAgain() {
        var hash = keep().hash();
        var version = Archive.load(hash, versions);
        try {
            assertThat(version.configuration().hash()).isEqualTo(hash);
            var source = Shop.source(version.configuration(), "acme", "4711", Shop.order("4711", "12000"));
            var said = (Translated.Said) version.translator().translate(source);
            assertThat(said.event().data().at("/total/amount").asText()).isEqualTo("12000");
            assertThat(version.policies().apply(said.event(), Shop.ACCEPTED_AT))
                    .extracting(trigger -> trigger.workflow())
                    .containsExactly("order-review", "gold-care");
        } finally {
            version.translator().close();
            version.policies().close();
        }
    }

    @Test
    void refusesWhatIsNotKept() {
        assertRefused("0123456789abcdef", "no such version is kept");
    }

    /** What an older hub took and this one does not, all of it at once. */
    @Test
    void refusesWhatThisHubFindsFaultWith() {
        shop.change("connectors/shop/connector.yaml", "kind: erp", "kind: erp\ncolour: red")
                .change("routes/triggers/orders.camel.yaml", "kamelet:hub-trigger?", "bean:hub?");
        assertRefused(keep().hash(), "colour", "routes/triggers/orders.camel.yaml:");
    }

    @Test
    void refusesRoutesThatCamelDoesNotLoad() {
        shop.put("routes/triggers/orders.camel.yaml", "- route:\n    id: orders\n    from: {\n");
        assertRefused(keep().hash(), "routes/triggers/orders.camel.yaml");
    }

    @Test
    void refusesFilesThatAreNotThoseOfTheVersion() {
        var configuration = Configuration.of(shop.files(), new Problems());
        versions.goLive("0123456789abcdef", Archive.zip(configuration), Actor.of("a hand in the database"));
        assertRefused("0123456789abcdef", "not those of this version");
        versions.goLive("ffff456789abcdef", "no zip".getBytes(UTF_8), Actor.of("a hand in the database"));
        assertRefused("ffff456789abcdef", "not those of this version");
        var half = java.util.Arrays.copyOf(Archive.zip(configuration), 3000);
        versions.goLive("eeee456789abcdef", half, Actor.of("a disk"));
        assertRefused("eeee456789abcdef", "cannot be read");
    }

    /** All problems are told, and what was live goes on. */
    @Test
    void isNotRolledBackToWithAnyProblem(@TempDir Path root) {
        var sound = keep();
        for (var n = 0; n < 7; n++) {
            shop.put("schemas/shop/broken-" + n + ".v1.schema.json", "{");
        }
        var broken = keep().hash();
        versions.goLive(sound.hash(), Archive.zip(sound), Actor.of("admin"));
        var version = Archive.load(sound.hash(), versions);
        try (var live = new Live(version)) {
            var flow = new FlowSettings(1, 500, Duration.ofMillis(50), Duration.ofSeconds(30), 3);
            var changes = new AtomicInteger();
            var changeover = new Changeover(
                    new Loader(root, flow, new KeySettings(List.of(), "")), live, versions, changes::incrementAndGet);
            assertThatThrownBy(() -> changeover.rollBack(broken, Actor.of("ada"), "a test"))
                    .isInstanceOfSatisfying(
                            Reload.RefusedException.class,
                            e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(7));
            assertThat(live.configuration().hash()).isEqualTo(sound.hash());
            assertThat(versions.held()).isEmpty();
            assertThat(changes).hasValue(0);
            // the files below the root are none at all: it is live instead of those from now on
            assertThat(changeover.rollBack(sound.hash(), Actor.of("ada"), "a test"))
                    .isTrue();
            assertThat(versions.held().orElseThrow().insteadOf())
                    .isEqualTo(Configuration.hash(Map.of()))
                    .isNotEqualTo(sound.hash());
            assertThat(changes).hasValue(1);
        }
    }

    private void assertRefused(String hash, String... reasons) {
        assertThatThrownBy(() -> Archive.load(hash, versions))
                .isInstanceOf(UnreadableVersionException.class)
                .hasMessageContaining(hash)
                .hasMessageContainingAll(reasons);
    }
}
