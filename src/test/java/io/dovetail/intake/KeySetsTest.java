package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.dovetail.intake.KeySets.Keyring;
import io.dovetail.intake.RefusedException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer that changes its keys, is away at times, and is asked by a hub with a clock of its own. */
class KeySetsTest {

    private final AtomicLong now = new AtomicLong(-7); // nanoTime may be below zero
    private final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable String published;
    private volatile CountDownLatch open = new CountDownLatch(0);
    private Keyring keyring;

    @BeforeEach
    void publish() throws Exception {
        published = keys("one");
        keyring = new KeySets(
                        address -> {
                            asked.incrementAndGet();
                            open.await();
                            var text = published;
                            if (text == null) {
                                throw new IOException("connection refused");
                            }
                            return text;
                        },
                        now::get)
                .at(URI.create("https://idp.example/keys"));
    }

    private static String keys(String id) throws Exception {
        return new JWKSet(new ECKeyGenerator(Curve.P_256).keyID(id).generate().toPublicJWK()).toString();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void isUnavailable() {
        assertThatThrownBy(() -> keyring.otherThan(keyring.atHand()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    @Test
    void fetchesWhatIsWantedOnceAndRemembersIt() throws Exception {
        assertThat(keyring.atHand()).isNull();
        assertThat(asked).hasValue(0);
        assertThat(keyring.otherThan(null)).isEqualTo(published);
        assertThat(keyring.atHand()).isEqualTo(published);
        pass(KeySets.FRESH);
        assertThat(keyring.atHand()).isEqualTo(published);
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksForAnUnknownKeyOnceAMinuteHoweverManyAreInvented() throws Exception {
        var old = keyring.otherThan(null);
        published = keys("two");
        for (var n = 0; n < 100; n++) {
            assertThat(keyring.otherThan(old)).isEqualTo(old);
        }
        assertThat(asked).hasValue(1);
        pass(KeySets.PAUSE.plusNanos(1));
        assertThat(keyring.otherThan(old)).isEqualTo(published);
        var next = keyring.atHand();
        assertThat(next).isNotEqualTo(old);
        // who still held the old ones when others came asks for nothing
        assertThat(keyring.otherThan(old)).isEqualTo(next);
        for (var n = 0; n < 100; n++) {
            assertThat(keyring.otherThan(next)).isEqualTo(next);
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void fetchesOldOnesAnewWithoutLettingAnybodyWait() throws Exception {
        var old = keyring.otherThan(null);
        published = keys("two");
        open = new CountDownLatch(1);
        pass(KeySets.FRESH.plusNanos(1));
        assertThat(keyring.atHand()).isEqualTo(old);
        assertThat(keyring.atHand()).isEqualTo(old);
        open.countDown();
        await().until(() -> published.equals(keyring.atHand()));
        assertThat(asked).hasValue(2);
    }

    @Test
    void goesOnWithTheOldOnesWhileTheIssuerIsAwayButNotForEver() throws Exception {
        var old = keyring.otherThan(null);
        published = null;
        pass(KeySets.FRESH.plusNanos(1));
        assertThat(keyring.atHand()).isEqualTo(old);
        await().until(() -> asked.get() == 2);
        // a key that is not among them may be one that it has now
        isUnavailable();
        pass(KeySets.KEPT);
        assertThat(keyring.atHand()).isNull();
        isUnavailable();
    }

    @Test
    void asksAnIssuerThatIsAwayAgainAfterAWhile() throws Exception {
        published = null;
        for (var n = 0; n < 100; n++) {
            isUnavailable();
        }
        assertThat(asked).hasValue(1);
        published = keys("one");
        pass(KeySets.RETRY.plusNanos(1));
        assertThat(keyring.otherThan(null)).isEqualTo(published);
    }

    @Test
    void takesNothingForKeysThatAreNone() throws Exception {
        var nested = "{\"keys\":" + "[".repeat(20_000);
        for (var text : new String[] {"", "<html/>", "{}", "{\"keys\": []}", "[]", "null", nested}) {
            published = text;
            isUnavailable();
            assertThat(keyring.atHand()).isNull();
            pass(KeySets.RETRY.plusNanos(1));
        }
        published = keys("one");
        var old = keyring.otherThan(null);
        published = "<html/>";
        pass(KeySets.PAUSE.plusNanos(1));
        isUnavailable();
        assertThat(keyring.atHand()).isEqualTo(old);
    }

    @Test
    void letsAllWhoWaitHaveTheAnswerToOneRequest() throws Exception {
        open = new CountDownLatch(1);
        var waiting = new ArrayList<Future<String>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var n = 0; n < 50; n++) {
                waiting.add(threads.submit(() -> keyring.otherThan(null)));
            }
            await().until(() -> asked.get() == 1);
            open.countDown();
            for (var one : waiting) {
                assertThat(one.get()).isEqualTo(published);
            }
        }
        assertThat(asked).hasValue(1);
    }
}
