package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.answer.Answer;
import io.dovetail.intake.RefusedException.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** What a vendor takes for "never again" is not said where "later" is meant. */
class RetryHabitsTest {

    private static final Configuration LIVE = Configuration.read(Path.of("."), new Problems());

    private static void comesAgain(String connector, IntPredicate statuses) {
        var answers = LIVE.connectors().get(connector).webhook().answers();
        var passing = Arrays.stream(Reason.values()).filter(Reason::isPassing).toList();
        assertThat(passing).isNotEmpty().allSatisfy(reason -> {
            var status = answers.refused(reason.word()).map(Answer::status).orElse(reason.status());
            assertThat(status).as(connector + " " + reason).matches(statuses::test);
        });
    }

    @Test
    void oktaComesAgainAfterA5xxAlone() {
        comesAgain("okta", status -> status >= 500);
    }

    @Test
    void jiraComesAgainAfterATimeOutTooManyRequestsAndA5xx() {
        comesAgain("jira", status -> status == 408 || status == 409 || status == 425 || status == 429 || status >= 500);
    }

    @Test
    void zendeskComesAgainAfterAConflictTooManyRequestsAnd503() {
        comesAgain("zendesk", status -> status == 409 || status == 429 || status == 503);
    }
}
