package io.dovetail.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyFieldTest {

    /** Microsoft Graph's change notifications. */
    private final Gate graph = Gate.of("{'scheme':'body-field','path':'value[].clientState'}", "s3cr3t");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\": [{\"clientState\": \"s3cr3t\"}]}",
                "{\"value\": [{\"clientState\": \"s3cr3t\", \"id\": 1}, {\"id\": 2, \"clientState\": \"s3cr3t\"}]}",
                "{\"value\": [{\"clientState\": \"\\u00733cr3t\"}], \"more\": null}"
            })
    void takesTheSecretInEveryElement(String body) {
        assertThat(graph.lets(body)).isTrue();
        assertThat(graph.with("s3cr3T").lets(body)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "1",
                "\"s3cr3t\"",
                "{\"value\": []}",
                "{\"value\": {}}",
                "{\"value\": \"s3cr3t\"}",
                "{\"value\": {\"clientState\": \"s3cr3t\"}}",
                "{\"value\": [\"s3cr3t\"]}",
                "{\"value\": [[{\"clientState\": \"s3cr3t\"}]]}",
                "{\"value\": [{\"clientState\": [\"s3cr3t\"]}]}",
                "{\"value\": [{\"clientState\": null}]}",
                "{\"value\": [{\"clientState\": true}]}",
                "{\"value\": [{\"clientState\": \"\"}]}",
                "{\"value\": [{\"clientState\": \"s3cr3t \"}]}",
                "{\"value\": [{\"clientstate\": \"s3cr3t\"}]}",
                "{\"value\": [{\"clientState\": \"s3cr3t\"}, {}]}",
                "{\"value\": [{\"clientState\": \"s3cr3t\"}, {\"clientState\": \"other\"}]}",
                "{\"value\": [{\"clientState\": \"other\"}, {\"clientState\": \"s3cr3t\"}]}",
                "{\"clientState\": \"s3cr3t\", \"value\": [{}]}"
            })
    void refusesWhatIsNotProvedInEveryElement(String body) {
        assertThat(graph.lets(body)).isFalse();
    }

    @Test
    void findsItInAnObjectOrInABodyThatIsAList() {
        var object = Gate.of("{'scheme':'body-field','path':'meta.token'}", "s3cr3t");
        assertThat(object.lets("{\"meta\": {\"token\": \"s3cr3t\"}}")).isTrue();
        assertThat(object.lets("{\"meta.token\": \"s3cr3t\"}")).isFalse();
        var list = Gate.of("{'scheme':'body-field','path':'[].a.b[].token'}", "s3cr3t");
        assertThat(list.lets("[{\"a\": {\"b\": [{\"token\": \"s3cr3t\"}]}}]")).isTrue();
        assertThat(list.lets("[{\"a\": {\"b\": [{\"token\": \"s3cr3t\"}]}}, {\"a\": {\"b\": []}}]"))
                .isFalse();
    }
}
