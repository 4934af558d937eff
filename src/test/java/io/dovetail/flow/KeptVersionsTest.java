package io.dovetail.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.call.Caller;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.event.Event;
import io.dovetail.event.Trigger;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
import io.dovetail.trigger.Policies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class KeptVersionsTest {

    private final Configuration configuration = new Shop().configuration();
    private final List<String> loaded = new CopyOnWriteArrayList<>();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final KeptVersions kept = new KeptVersions(this::load);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile RuntimeException failure;

    private Version load(String hash) {
        loaded.add(hash);
        await(gate);
        if (failure != null) {
            throw failure;
        }
        return new Version(
                configuration,
                new Translator() {
                    @Override
                    public Translated translate(Source source, Caller caller) {
                        return new Translated.Ignored(hash);
                    }

                    @Override
                    public void close() {
                        closed.add(hash);
                    }
                },
                new Policies() {
                    @Override
                    public List<Trigger> apply(Event event, Instant acceptedAt) {
                        return List.of();
                    }

                    @Override
                    public Set<String> workflows() {
                        return Set.of();
                    }

                    @Override
                    public void close() {}
                });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsTheTwoThatWereUsedLast() {
        for (var hash : List.of("a", "b", "a", "c", "a", "c", "b")) {
            kept.configuration(hash);
        }
        assertThat(loaded).containsExactly("a", "b", "c", "b");
        assertThat(closed).containsExactly("b", "a");
        kept.close();
        assertThat(closed).containsExactly("b", "a", "c", "b");
    }

    @Test
    void closesNoneThatIsInUse() {
        var closedMeanwhile = kept.with("a", version -> {
            kept.configuration("b");
            kept.configuration("c");
            kept.configuration("d");
            return List.copyOf(closed);
        });
        assertThat(closedMeanwhile).containsExactly("b");
        assertThat(closed).containsExactly("b", "a");
        kept.with("c", version -> {
            kept.close();
            assertThat(closed).containsExactly("b", "a", "d");
            return "";
        });
        assertThat(closed).containsExactly("b", "a", "d", "c");
    }

    @Test
    void loadsOnceForAllWhoWait() {
        gate = new CountDownLatch(1);
        var users = new ArrayList<CompletableFuture<Configuration>>();
        for (var n = 0; n < 4; n++) {
            users.add(CompletableFuture.supplyAsync(() -> kept.configuration("a")));
        }
        // who wants another one does not wait for this one
        var other = CompletableFuture.supplyAsync(() -> kept.configuration("b"));
        gate.countDown();
        users.forEach(CompletableFuture::join);
        other.join();
        assertThat(loaded).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void doesNotTryAgainWhatCannotBeRead() {
        failure = new UnreadableVersionException("a", List.of());
        assertThatThrownBy(() -> kept.configuration("a")).isSameAs(failure);
        assertThatThrownBy(() -> kept.configuration("a")).isSameAs(failure);
        assertThat(loaded).containsExactly("a");
    }

    @Test
    void triesAgainWhatFailedForTheMoment() {
        failure = new IllegalStateException("the ledger is away");
        assertThatThrownBy(() -> kept.configuration("a")).isSameAs(failure);
        failure = null;
        assertThat(kept.configuration("a")).isSameAs(configuration);
        assertThat(loaded).containsExactly("a", "a");
    }
}
