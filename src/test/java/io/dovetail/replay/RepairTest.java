package io.dovetail.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.event.Ids;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.DeadLetters.Detail;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.NewDelivery.NewEvent;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.ledger.Versions;
import io.dovetail.replay.Repair.ConflictException;
import io.dovetail.replay.Repair.RepairException;
import io.dovetail.replay.Repair.Replayed;
import io.dovetail.replay.Repair.Wish;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By which version a dead letter may be replayed, and what its connector makes of an edit. */
@ExtendWith(SharedDatabase.class)
class RepairTest {

    private static final String CONNECTOR = "connectors/shop/connector.yaml";
    private static final Actor BOB = new Actor("bob", "approver");
    private static final String ORDER = "{\"kind\": \"order\", \"order\": {\"number\": \"4711\"}}";

    private final Map<String, Configuration> kept = new HashMap<>();
    private final Configuration then = keep(new Shop());
    private Configuration now = then;
    private Store store;
    private Versions versions;
    private Repair repair;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
        versions = new Versions(store.transactions);
        repair = repair(Set.of());
        kept.keySet().forEach(hash -> versions.goLive(hash, new byte[0], Store.ADMIN));
    }

    /** @param approved the connectors of which edits have to be approved */
    private Repair repair(Set<String> approved) {
        return new Repair(
                store.deadLetters, store.proposals, versions, () -> now, this::kept, approved, partition -> {});
    }

    private Configuration keep(Shop shop) {
        var configuration = shop.configuration();
        kept.put(configuration.hash(), configuration);
        if (versions != null) {
            versions.goLive(configuration.hash(), new byte[0], Store.ADMIN);
        }
        return configuration;
    }

    private Configuration kept(String hash) {
        var configuration = kept.get(hash);
        if (configuration == null) {
            throw new UnreadableVersionException(hash, List.of());
        }
        return configuration;
    }

    private static Shop titled(String title) {
        return new Shop().change(CONNECTOR, "title: A shop", "title: " + title);
    }

    /** The hub was given other files. */
    private void live(Shop shop) {
        now = keep(shop);
    }

    /** Takes in what the version of then makes of it, and parks it by that version. */
    private Detail park(String body) {
        var part = then.connector("shop").read(Shop.tree(body)).getFirst();
        var id = part.id() == null ? UUID.randomUUID() : Ids.event("shop", "default", part.id());
        var event = new NewEvent(id, "", null, part.emits(), part.id(), part.key(), true, new byte[32], part.keys());
        store.accept(new NewDelivery(
                UUID.randomUUID(),
                "shop",
                "default",
                id.toString(),
                true,
                "application/json",
                body.getBytes(UTF_8),
                new byte[32],
                "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                List.of(event)));
        var inbox = store.inbox();
        var parked = Store.claim(inbox).events().stream().map(Store::parked).toList();
        inbox.turn(new io.dovetail.ledger.Inbox.Turn(parked, then.hash(), Map.of()), Set.of(), false, 0);
        return store.deadLetters.find(id).orElseThrow();
    }

    private void replay(Detail parked, @Nullable String patch, @Nullable String text, @Nullable String as)
            throws RepairException {
        var wish = new Wish("a reason", patch == null ? null : Shop.tree(patch), text, as);
        assertThat(repair.replay(parked.letter().id(), Store.ADMIN, wish)).contains(new Replayed(null));
    }

    private Claimed claimed() {
        return Store.claim(store.inbox()).events().getFirst();
    }

    private void refuses(Detail parked, @Nullable String patch, @Nullable String text, String as, String... reasons) {
        assertThatThrownBy(() -> replay(parked, patch, text, as))
                .isInstanceOf(RepairException.class)
                .hasMessageContainingAll(reasons);
        // and nothing has changed
        assertThat(store.deadLetters.find(parked.letter().id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(parked);
    }

    @Test
    void wantsNoVersionUnlessItIsTold() throws RepairException {
        replay(park(ORDER), null, null, null);
        assertThat(claimed().asVersion()).isNull();
    }

    @Test
    void takesNowAsWhateverIsLive() throws RepairException {
        replay(park(ORDER), null, null, "now");
        assertThat(claimed().asVersion()).isNull();
    }

    @Test
    void takesThenAsTheVersionThatParkedIt() throws RepairException {
        var parked = park(ORDER);
        live(titled("Another shop"));
        replay(parked, null, null, "then");
        assertThat(claimed().asVersion()).isEqualTo(then.hash()).isNotEqualTo(now.hash());
    }

    @Test
    void takesTheBeginningOfAHash() throws RepairException {
        var parked = park(ORDER);
        var other = keep(titled("Another shop"));
        replay(parked, null, null, other.hash().substring(0, 12).toUpperCase(java.util.Locale.ROOT));
        assertThat(claimed().asVersion()).isEqualTo(other.hash());
    }

    @Test
    void refusesAVersionThatItDoesNotKnowForOne() {
        var parked = park(ORDER);
        versions.goLive("feed000000000001", new byte[0], Store.ADMIN);
        versions.goLive("feed000000000002", new byte[0], Store.ADMIN);
        refuses(parked, null, null, "feed", "several", "feed000000000001 and feed000000000002");
        refuses(parked, null, null, "feedbeef", "No version", "feedbeef", "hub versions");
        for (var wrong : List.of("", "yesterday", "%", "' or true", "0".repeat(65))) {
            refuses(parked, null, null, wrong, "\"now\"", "\"then\"", "hub versions");
        }
    }

    @Test
    void refusesAVersionThatCannotBeLoaded() {
        var parked = park(ORDER);
        versions.goLive("feed000000000001", new byte[0], Store.ADMIN);
        refuses(parked, null, null, "feed000000000001", "cannot load", "feed000000000001", "hub versions");
    }

    @Test
    void refusesAVersionWithoutTheConnector() {
        var parked = park(ORDER);
        var files = new Shop();
        files.files().keySet().removeIf(path -> path.startsWith("connectors/shop/"));
        var before = keep(files);
        refuses(parked, null, null, before.hash(), before.hash(), "no folder connectors/shop");
    }

    @Test
    void replaysAsAVersionThatStillHadTheConnector() throws RepairException {
        var parked = park(ORDER);
        var files = new Shop();
        files.files().keySet().removeIf(path -> path.startsWith("connectors/shop/"));
        live(files);
        refuses(parked, null, null, "now", "connectors/shop is gone");
        replay(parked, null, null, "then");
        assertThat(claimed().asVersion()).isEqualTo(then.hash());
    }

    /** An edit is read as the version reads that translates it, whatever is live. */
    @Test
    void readsAnEditByTheConnectorOfTheVersion() throws RepairException {
        var parked = park(ORDER);
        live(new Shop().change(CONNECTOR, "application/json", "application/xml"));
        var text = "{\"kind\": \"order\", \"order\": {\"number\": \"4711\", \"total\": 7}}";
        refuses(parked, null, text, "now", "cannot be read");
        replay(parked, null, text, "then");
        var claimed = claimed();
        assertThat(claimed.part()).isTrue();
        assertThat(Shop.tree(new String(claimed.body(), UTF_8))
                        .at("/order/total")
                        .asInt())
                .isEqualTo(7);
        var step = store.found("4711").getFirst().steps().getLast();
        assertThat(Shop.tree(step.detail()).path("as").asText()).isEqualTo(then.hash());
        assertThat(Shop.tree(step.detail()).path("text").asText()).isEqualTo(text);
    }

    @Test
    void patchesAsThen() throws RepairException {
        var parked = park(ORDER);
        live(titled("Another shop"));
        replay(parked, "[{\"op\": \"add\", \"path\": \"/order/total\", \"value\": 7}]", null, "then");
        assertThat(new String(claimed().body(), UTF_8)).contains("7");
        var step = store.found("4711").getFirst().steps().getLast();
        assertThat(step.step()).isEqualTo("edited");
        assertThat(Shop.tree(step.detail()).at("/patch/0/value").asInt()).isEqualTo(7);
        assertThat(Shop.tree(step.detail()).path("as").asText()).isEqualTo(then.hash());
    }

    /** By another version an event may be another object's: it stays behind the events it was accepted behind. */
    @Test
    void refusesAVersionThatGivesItAnotherKey() {
        var parked = park(ORDER);
        var other = keep(new Shop().change(CONNECTOR, "orderBy: .order.number", "orderBy: '\"o\" + .order.number'"));
        refuses(parked, null, null, other.hash(), "another ordering key", "4711", "o4711");
    }

    /** What could not be read when it came gets its name from the version that is to translate it. */
    @Test
    void namesTheEventByTheVersion() throws RepairException {
        var parked = park("{\"kind\": \"offer\", \"order\": {\"number\": \"4712\"}}");
        assertThat(parked.letter().sourceId()).isNull();
        live(new Shop()
                .change(CONNECTOR, "when: .kind == \"order\"", "when: .kind == \"offer\"")
                .change(CONNECTOR, "id: .order.number", "id: '\"now:\" + .order.number'"));
        var between = keep(new Shop()
                .change(CONNECTOR, "when: .kind == \"order\"", "when: .kind == \"offer\"")
                .change(CONNECTOR, "id: .order.number", "id: '\"then:\" + .order.number'"));
        replay(parked, null, null, between.hash());
        assertThat(claimed().sourceId()).isEqualTo("then:4712");
        assertThat(claimed().id()).isEqualTo(Ids.event("shop", "default", "then:4712"));
    }

    @Test
    void ordersWhatItNamesAsTheVersionSays() throws RepairException {
        var offers = new Shop().change(CONNECTOR, "when: .kind == \"order\"", "when: .kind == \"offer\"");
        live(offers);
        replay(park("{\"kind\": \"offer\", \"order\": {\"number\": \"1\"}}"), null, null, null);
        assertThat(claimed().keyHash()).isEqualTo(Store.keyHash("1"));
        store.translateAll();
        live(offers.change(CONNECTOR, "split: none", "order: none"));
        replay(park("{\"kind\": \"offer\", \"order\": {\"number\": \"2\"}}"), null, null, null);
        assertThat(claimed().key()).isEqualTo("2");
        assertThat(claimed().keyHash()).isNull();
    }

    @Test
    void forgetsTheVersionWithTheNextReplayAsNow() throws RepairException {
        var parked = park(ORDER);
        replay(parked, null, null, "then");
        var inbox = store.inbox();
        List<Outcome> again =
                Store.claim(inbox).events().stream().map(Store::parked).toList();
        inbox.turn(Store.turn(again, Map.of()), Set.of(), false, 0);
        replay(store.deadLetters.find(parked.letter().id()).orElseThrow(), null, null, "now");
        assertThat(claimed().asVersion()).isNull();
    }

    /** Where edits have to be approved. */
    private UUID propose(Detail parked, @Nullable String patch, @Nullable String text, @Nullable String as)
            throws RepairException {
        repair = repair(Set.of("shop"));
        var wish = new Wish("as agreed", patch == null ? null : Shop.tree(patch), text, as);
        return repair.replay(parked.letter().id(), Store.ADMIN, wish)
                .orElseThrow()
                .proposal();
    }

    private void approve(Detail parked, UUID proposal) throws RepairException, ConflictException {
        assertThat(repair.approve(parked.letter().id(), BOB, proposal)).isTrue();
    }

    private Detail detail(Detail parked) {
        return store.deadLetters.find(parked.letter().id()).orElseThrow();
    }

    @Test
    void waitsForTheApprovalOfAnEdit() throws Exception {
        var parked = park(ORDER);
        var proposal = propose(parked, "[{\"op\": \"add\", \"path\": \"/order/total\", \"value\": 7}]", null, null);
        var proposed = detail(parked).proposal();
        assertThat(Shop.tree(proposed.edit().changes()))
                .isEqualTo(Shop.tree("{\"places\": [{\"place\": \"/order/total\", \"now\": \"7\"}], \"more\": 0}"));
        assertThat(repair.needsApproval(parked.letter())).isTrue();
        assertThat(Store.claim(store.inbox()).events()).isEmpty();
        approve(parked, proposal);
        assertThat(Shop.tree(new String(claimed().body(), UTF_8))
                        .at("/order/total")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void showsWhereAWholeTextDiffers() throws RepairException {
        var parked = park(ORDER);
        propose(parked, null, "{\"order\": {\"number\": \"4711\", \"total\": [1, \"x\"]}, \"kind\": \"order\"}", null);
        assertThat(Shop.tree(detail(parked).proposal().edit().changes()).path("places"))
                .isEqualTo(Shop.tree("[{\"place\": \"/order/total\", \"now\": \"[1,\\\"x\\\"]\"}]"));
    }

    @Test
    void replaysWithoutAnApprovalWhatIsNotEdited() throws RepairException {
        repair = repair(Set.of("shop"));
        replay(park(ORDER), null, null, null);
        assertThat(claimed().asVersion()).isNull();
    }

    @Test
    void editsWithoutAnApprovalWhereNobodyWantsOne() throws RepairException {
        repair = repair(Set.of("another"));
        var parked = park(ORDER);
        assertThat(repair.needsApproval(parked.letter())).isFalse();
        replay(parked, "[]", null, null);
        assertThat(claimed().part()).isTrue();
    }

    @Test
    void approvesByTheVersionThatWasWanted() throws Exception {
        var parked = park(ORDER);
        live(titled("Another shop"));
        var proposal = propose(parked, "[]", null, "then");
        live(titled("A third shop"));
        approve(parked, proposal);
        assertThat(claimed().asVersion()).isEqualTo(then.hash());
    }

    @Test
    void saysWhyItIsNotApproved() throws Exception {
        var parked = park(ORDER);
        var id = parked.letter().id();
        var first = propose(parked, "[]", null, null);
        assertThatThrownBy(() -> repair.approve(id, Store.ADMIN, first))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("your own");
        var second = propose(parked, "[]", null, null);
        assertThatThrownBy(() -> repair.approve(id, BOB, first)).hasMessageContaining("has taken the place");
        repair.refuse(id, BOB, "no");
        assertThatThrownBy(() -> repair.approve(id, BOB, second)).hasMessageContaining("No edit of this event waits");
        assertThatThrownBy(() -> repair.refuse(id, BOB, "no")).hasMessageContaining("No edit of this event waits");
        repair.discard(id, BOB, "no use");
        assertThat(repair.approve(id, BOB, second)).isFalse();
        assertThat(repair.refuse(id, BOB, "no")).isFalse();
    }

    /** Neither when it is proposed, nor by a connector that was changed between the two. */
    @Test
    void approvesNothingThatMovesTheEventToAnotherKey() throws Exception {
        var parked = park(ORDER);
        var other = "[{\"op\": \"replace\", \"path\": \"/order/number\", \"value\": \"4712\"}]";
        assertThatThrownBy(() -> propose(parked, other, null, null)).hasMessageContaining("another ordering key");
        assertThat(detail(parked).proposal()).isNull();
        var proposal = propose(parked, "[]", null, null);
        live(new Shop().change(CONNECTOR, "orderBy: .order.number", "orderBy: '\"o\" + .order.number'"));
        assertThatThrownBy(() -> approve(parked, proposal))
                .isInstanceOf(RepairException.class)
                .hasMessageContainingAll("another ordering key", "4711", "o4711");
        assertThat(detail(parked).proposal().id()).isEqualTo(proposal);
        live(new Shop());
        approve(parked, proposal);
    }
}
