package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.connector.Limits;
import io.dovetail.connector.Limits.Rate;
import io.dovetail.intake.RefusedException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AllowancesTest {

    private static final Limits LIMITS = Limits.ofRequests(2, 4, 0);

    private final AtomicLong now = new AtomicLong(-5); // nanoTime may be below zero
    private final Allowances allowances = new Allowances(now::get);

    private static Limits ofEach(Rate rate) {
        return new Limits(rate, Rate.NONE, 0, 0);
    }

    private int taken(String sender, Limits limits, int sent) {
        var taken = 0;
        for (var n = 0; n < sent; n++) {
            if (refusal(sender, limits) == null) {
                taken++;
            }
        }
        return taken;
    }

    private RefusedException refusal(String sender, Limits limits) {
        return catchThrowableOfType(RefusedException.class, () -> allowances.spend("jira", sender, limits, 1));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void takesABurstAndThenSoManyASecond() {
        assertThat(taken("default", LIMITS, 10)).isEqualTo(4);
        pass(Duration.ofSeconds(1));
        assertThat(taken("default", LIMITS, 10)).isEqualTo(2);
        pass(Duration.ofMillis(500));
        assertThat(taken("default", LIMITS, 10)).isEqualTo(1);
        pass(Duration.ofHours(1));
        assertThat(taken("default", LIMITS, 10)).isEqualTo(4);
    }

    @Test
    void saysWhenThereIsMore() {
        taken("default", LIMITS, 4);
        var refusal = refusal("default", LIMITS);
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_OFTEN);
        assertThat(refusal.retryAfterSeconds()).isOne();
        assertThat(refusal).hasMessageContaining("2 deliveries a second").hasMessageContaining("4 at once");
        pass(Duration.ofSeconds(refusal.retryAfterSeconds()));
        assertThatCode(() -> allowances.spend("jira", "default", LIMITS, 1)).doesNotThrowAnyException();
    }

    @Test
    void givesEachSenderAnAllowanceOfItsOwn() throws RefusedException {
        taken("acme", LIMITS, 100);
        assertThat(taken("globex", LIMITS, 100)).isEqualTo(4);
        allowances.spend("sap-idoc", "acme", LIMITS, 1);
    }

    @Test
    void limitsWhatAllSendersOfAConnectorBringTogether() throws RefusedException {
        var limits = new Limits(new Rate(2, 4, 0, 0), new Rate(3, 6, 1000, 1000), 0, 0);
        assertThat(taken("acme", limits, 10)).isEqualTo(4);
        // what was refused for its own sender took nothing of it
        assertThat(taken("globex", limits, 10)).isEqualTo(2);
        assertThat(refusal("initech", limits))
                .hasMessageContaining("3 deliveries a second of all its senders together, and 6 at once");
        // and what is refused for all takes nothing of the sender's own
        pass(Duration.ofSeconds(1));
        assertThat(taken("initech", limits, 10)).isEqualTo(3);
        pass(Duration.ofSeconds(1));
        allowances.spend("jira", "hooli", limits, 900);
        assertThat(catchThrowableOfType(RefusedException.class, () -> allowances.spend("jira", "hooli", limits, 200)))
                .hasMessageContaining("1000 bytes a second of all its senders together");
        pass(Duration.ofSeconds(2));
        assertThat(taken("hooli", limits, 10)).isEqualTo(4);
        // another connector has its own
        allowances.spend("sap-idoc", "acme", limits, 1);
    }

    @Test
    void letsAQueueWaitUntilWhatWasTakenOfItIsPaidFor() {
        var limits = new Limits(Rate.NONE, new Rate(10, 20, 1000, 1000), 0, 0);
        assertThat(allowances.owe("jira", limits, 20, 500)).isZero();
        assertThat(allowances.owe("jira", limits, 10, 500)).isEqualTo(Duration.ofSeconds(1));
        assertThat(allowances.owe("jira", limits, 1, 3000)).isEqualTo(Duration.ofSeconds(3));
        // senders of webhooks, who cannot wait, have nothing to pay of it
        assertThat(taken("acme", limits, 100)).isEqualTo(20);
        pass(Duration.ofSeconds(4));
        assertThat(allowances.owe("jira", limits, 1, 1)).isZero();
        assertThat(allowances.owe("jira", LIMITS, 1_000_000, 1)).isZero();
    }

    @Test
    void takesNothingOfAllSendersForAHandshake() throws RefusedException {
        var limits = new Limits(new Rate(2, 4, 0, 0), new Rate(3, 6, 0, 0), 0, 0);
        for (var n = 0; n < 4; n++) {
            allowances.spend("jira", "", limits);
        }
        assertThatCode(() -> allowances.spend("jira", "", limits)).isInstanceOf(RefusedException.class);
        assertThat(taken("acme", limits, 10) + taken("globex", limits, 10)).isEqualTo(6);
    }

    @Test
    void followsLimitsThatAReloadChanges() {
        assertThat(taken("default", LIMITS, 10)).isEqualTo(4);
        assertThat(taken("default", Limits.ofRequests(100, 100, 0), 10)).isEqualTo(10);
        assertThat(taken("default", Limits.ofRequests(0, 0, 0), 10)).isEqualTo(10);
    }

    private @Nullable RefusedException sends(long bytes, Limits limits) {
        return catchThrowableOfType(RefusedException.class, () -> allowances.spend("jira", "default", limits, bytes));
    }

    @Test
    void countsBytesBesideDeliveries() {
        var limits = ofEach(new Rate(0, 0, 1000, 4000));
        assertThat(sends(3000, limits)).isNull();
        assertThat(sends(1000, limits)).isNull();
        var refusal = sends(2500, limits);
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_OFTEN);
        assertThat(refusal.retryAfterSeconds()).isEqualTo(3);
        assertThat(refusal).hasMessageContaining("1000 bytes a second").hasMessageContaining("4000 at once");
        // what is refused costs nothing, and a handshake has no bytes
        assertThat(sends(0, limits)).isNull();
        pass(Duration.ofMillis(2500));
        assertThat(sends(2500, limits)).isNull();
        assertThat(sends(1, limits)).isNotNull();
    }

    @Test
    void countsNoDeliveryThatIsRefusedForItsBytes() {
        var limits = ofEach(new Rate(1, 2, 1000, 1000));
        assertThat(sends(1000, limits)).isNull();
        for (var n = 0; n < 5; n++) {
            assertThat(sends(500, limits)).hasMessageContaining("bytes a second");
        }
        pass(Duration.ofMillis(500));
        assertThat(sends(500, limits)).isNull();
        pass(Duration.ofMillis(499));
        assertThat(sends(1, limits)).hasMessageContaining("deliveries a second");
    }

    @Test
    void letsWhoIsAtHisLimitWaitForCompany() throws RefusedException {
        var limits = Limits.ofRequests(200, 20, 0);
        for (var n = 0; n < 10; n++) {
            assertThat(allowances.spend("jira", "default", limits, 1)).isZero();
        }
        for (var n = 0; n < 10; n++) {
            assertThat(allowances.spend("jira", "default", limits, 1)).isPositive();
        }
        // nobody else has to
        assertThat(allowances.spend("jira", "acme", limits, 1)).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(allowances.spend("jira", "default", limits, 1)).isZero();
    }

    @Test
    void letsNobodyWaitWhereNoCompanyComesSoon() throws RefusedException {
        for (var n = 0; n < 4; n++) {
            assertThat(allowances.spend("jira", "default", LIMITS, 1)).isZero();
        }
    }

    @Test
    void letsNobodyWaitWhoWouldLoseWhatHeMaySendMeanwhile() throws RefusedException {
        assertThat(allowances.spend("jira", "default", Limits.ofRequests(200, 1, 0), 1))
                .isZero();
    }

    @Test
    void letsNothingWaitThatTakesMuchMemory() throws RefusedException {
        var limits = Limits.ofRequests(200, 20, 0);
        taken("default", limits, 18);
        assertThat(allowances.spend("jira", "default", limits, 1_000_000)).isZero();
        assertThat(allowances.spend("jira", "default", limits, 1_000)).isPositive();
    }
}
