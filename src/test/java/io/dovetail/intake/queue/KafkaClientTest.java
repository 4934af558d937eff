package io.dovetail.intake.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KafkaClientTest {

    @Test
    void saysThatNobodyToldItWhereKafkaIs() {
        isRefused(new KafkaSettings("", ""), "hub.kafka.bootstrap-servers");
    }

    @Test
    void saysWhichFileIsNotThere() {
        isRefused(new KafkaSettings("127.0.0.1:9092", "nowhere.properties"), "nowhere.properties");
    }

    private static void isRefused(KafkaSettings settings, String why) {
        assertThatThrownBy(() -> KafkaClient.consumer("jira", "issues", settings, () -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
    }
}
