package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.connector.Limits;
import io.dovetail.connector.Limits.Rate;
import io.dovetail.intake.RefusedException.Reason;
import org.junit.jupiter.api.Test;

class InHandTest {

    private static final Limits TWO = Limits.ofRequests(0, 0, 2);

    private final InHand inHand = new InHand();

    @Test
    void givesAPlaceToAsManyAsMayBeAndAgainWhenOneIsFree() throws RefusedException {
        var first = inHand.enter("jira", TWO);
        inHand.enter("jira", TWO);
        for (var attempt = 0; attempt < 3; attempt++) {
            var refusal = catchThrowableOfType(RefusedException.class, () -> inHand.enter("jira", TWO));
            assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY_AT_ONCE);
            assertThat(refusal.retryAfterSeconds()).isOne();
        }
        inHand.enter("sap-idoc", TWO);
        first.close();
        inHand.enter("jira", TWO);
    }

    @Test
    void countsNothingWithoutALimit() throws RefusedException {
        var none = Limits.ofRequests(0, 0, 0);
        for (var n = 0; n < 10; n++) {
            inHand.enter("jira", none);
        }
        // nor once a reload sets one
        inHand.enter("jira", TWO);
    }

    @Test
    void givesAConnectorItsShareOfBytesAndNoMore() throws RefusedException {
        var limits = new Limits(Rate.NONE, Rate.NONE, 0, 1000);
        var first = inHand.enter("jira", limits);
        first.take(600);
        first.take(300);
        var second = inHand.enter("jira", limits);
        second.take(100);
        var refusal = catchThrowableOfType(RefusedException.class, () -> second.take(1));
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY_AT_ONCE);
        assertThat(refusal.retryAfterSeconds()).isOne();
        assertThat(refusal).hasMessageContaining("1000 bytes at the same time");
        inHand.enter("sap-idoc", limits).take(1000);
        second.close();
        var third = inHand.enter("jira", limits);
        third.take(100);
        first.close();
        third.take(900);
        assertThat(catchThrowableOfType(RefusedException.class, () -> third.take(1)))
                .isNotNull();
        third.close();
        inHand.enter("jira", limits).take(1000);
    }
}
