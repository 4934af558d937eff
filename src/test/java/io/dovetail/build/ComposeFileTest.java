package io.dovetail.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docker/compose.yaml} against the part of the Compose Specification that it uses, and against itself. */
class ComposeFileTest {

    private final Checkout checkout = Checkout.here();
    private final JsonNode compose = checkout.yaml("docker/compose.yaml");
    private final JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(getClass().getResourceAsStream("compose.schema.json"));

    @Test
    void isWhatComposeUnderstands() {
        assertThat(schema.validate(compose)).isEmpty();
    }

    @Test
    void aMistypedKeyIsNoticed() {
        var mistyped = (ObjectNode) compose.deepCopy();
        ((ObjectNode) mistyped.at("/services/hub")).put("enviroment", "x");
        assertThat(schema.validate(mistyped)).hasSize(1);
    }

    @Test
    void namesOnlyWhatItDeclares() {
        for (var service : compose.get("services")) {
            for (var kind : List.of("secrets", "networks")) {
                assertThat(compose.get(kind).fieldNames()).toIterable().containsAll(texts(service.path(kind)));
            }
            service.path("depends_on")
                    .fieldNames()
                    .forEachRemaining(other -> assertThat(compose.get("services"))
                            .as(other)
                            .anyMatch(known -> known == compose.get("services").get(other)));
            for (var mount : service.path("volumes")) {
                var source = mount.get("source").asText();
                if (mount.get("type").asText().equals("volume")) {
                    assertThat(compose.get("volumes").has(source)).as(source).isTrue();
                } else if (!source.startsWith("./secrets/")) {
                    assertThat(checkout.has("docker/" + source)).as(source).isTrue();
                }
            }
        }
    }

    @Test
    void secretsAreFilesThatAreNeverCommitted() {
        assertThat(checkout.text(".gitignore")).contains("docker/secrets/");
        for (var secret : compose.get("secrets")) {
            assertThat(secret.get("file").asText()).startsWith("./secrets/");
        }
        for (var service : compose.get("services")) {
            service.path("environment").fields().forEachRemaining(setting -> {
                if (setting.getKey().matches(".*(PASSWORD|SECRET|TOKEN|PASSFILE).*")) {
                    assertThat(setting.getValue().asText()).as(setting.getKey()).startsWith("/run/secrets/");
                }
                assertThat(setting.getValue().asText()).as(setting.getKey()).doesNotContain("password=");
            });
        }
    }

    @Test
    void prometheusReadsAPasswordAndRulesThatItIsGiven() {
        var prometheus = checkout.yaml("docker/prometheus.yaml");
        var service = compose.at("/services/prometheus");
        for (var scrape : prometheus.get("scrape_configs")) {
            var file = scrape.at("/basic_auth/password_file").asText();
            assertThat(texts(service.get("secrets"))).contains(file.substring("/run/secrets/".length()));
        }
        for (var rules : texts(prometheus.get("rule_files"))) {
            assertThat(service.get("volumes"))
                    .as(rules)
                    .anyMatch(mount -> mount.get("target").asText().equals(rules));
        }
    }

    @Test
    void databaseConfirmsNothingBeforeItIsOnDisk() {
        assertThat(texts(compose.at("/services/database/command")))
                .contains("fsync=on", "synchronous_commit=on", "full_page_writes=on");
    }

    @Test
    void hubWorksAsARoleThatIsMadeAndOwnsNothing() {
        var hub = compose.at("/services/hub/environment");
        var owner = compose.at("/services/database/environment/POSTGRES_USER").asText();
        assertThat(hub.get("HUB_DATABASE_OWNER_URL").asText()).endsWith("?user=" + owner);
        var made = Pattern.compile("CREATE ROLE (\\w+) LOGIN")
                .matcher(checkout.text("docker/database.sql"))
                .results()
                .map(role -> role.group(1))
                .toList();
        assertThat(made).hasSize(1).doesNotContain(owner);
        assertThat(hub.get("HUB_DATABASE_URL").asText()).endsWith("?user=" + made.getFirst());
    }

    @Test
    void everyHubSettingIsOneTheHubKnows() {
        assumeThat(checkout.has("src/main/resources/application.yaml")).isTrue();
        var pattern = Pattern.compile("HUB_[A-Z][A-Z_]*");
        var known = checkout.mentionedInSources(pattern);
        var used = new ArrayList<String>();
        compose.at("/services/hub/environment").fieldNames().forEachRemaining(used::add);
        used.removeIf(name -> !name.startsWith("HUB_"));
        pattern.matcher(checkout.text("docker/Dockerfile")).results().forEach(match -> used.add(match.group()));
        assertThat(known).containsAll(used);
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
