package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The management side: open about the hub's state, shut for everything else. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementTest {

    private final Hub hub;

    ManagementTest(Hub hub) {
        this.hub = hub;
    }

    private Answer get(String target) {
        return Request.of("GET", target).to(hub.managementPort());
    }

    private Answer getAsAdmin(String target) {
        return hub.asAdmin(Request.of("GET", target)).to(hub.managementPort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
    void tellsStrangersTheStatusAlone(String target) {
        var health = get(target).hasStatus(200).json();
        assertThat(health.path("status").asText()).isEqualTo("UP");
        assertThat(health.has("components")).isFalse();
        assertThat(health.has("details")).isFalse();
    }

    @Test
    void tellsTheAdministratorWhatTheHubNeeds() {
        var health = getAsAdmin("/actuator/health").hasStatus(200).json();
        assertThat(health.at("/components/database/status").asText()).isEqualTo("UP");
        assertThat(health.at("/components/bus/status").asText()).isEqualTo("UP");
        assertThat(health.at("/components/disk/details/free").asLong()).isPositive();
    }

    @Test
    void keepsMetricsForTheAdministrator() {
        get("/actuator/prometheus").hasStatus(401).tellsNoInternals();
        Request.of("GET", "/actuator/prometheus")
                .header("Authorization", Signed.basic("admin:x"))
                .to(hub.managementPort())
                .hasStatus(401);
        getAsAdmin("/actuator/prometheus").hasStatus(200);
    }

    @ParameterizedTest
    @MethodSource("otherDoors")
    void hasNoOtherDoor(String target) {
        // a GET of a door that takes POST alone would be a 405, too
        isShut("GET", target, 401, 403, 404);
        isShut("POST", target, 401, 403, 404, 405);
    }

    private void isShut(String method, String target, Object... statuses) {
        for (var login : List.of("", "admin:wrong", "admin:" + hub.secret("hub.admin"))) {
            var request = Request.of(method, target);
            if (!login.isEmpty()) {
                request.header("Authorization", Signed.basic(login));
            }
            assertThat(request.to(hub.managementPort()).tellsNoInternals().status())
                    .as("%s by '%s'", method, login.replaceAll(":.*", ""))
                    .isIn(statuses);
        }
    }

    /** Whatever Spring Boot could show, and what other libraries would add to it. */
    static Stream<String> otherDoors() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.setResourcePattern("**/*Endpoint.class");
        scanner.addIncludeFilter(new AnnotationTypeFilter(Endpoint.class));
        var known = scanner.findCandidateComponents("org.springframework").stream()
                .map(found -> ((AnnotatedBeanDefinition) found)
                        .getMetadata()
                        .getAnnotations()
                        .get(Endpoint.class)
                        .getString("id"))
                .collect(Collectors.toCollection(TreeSet::new));
        // a scan that found nothing would leave nothing to try
        assertThat(known).contains("env", "health", "heapdump", "logfile", "prometheus", "shutdown");
        known.removeAll(List.of("health", "prometheus"));
        known.addAll(List.of("camel", "camelroutes", "gateway", "hawtio", "jolokia", "modulith", "refresh", "trace"));
        return Stream.concat(
                Stream.of("/", "/hawtio", "/jolokia", "/actuator/env/PATH", "/actuator/loggers/ROOT"),
                known.stream().map(id -> "/actuator/" + id));
    }

    /** Where its parts could be told to do things, by whoever gets at the process. */
    @Test
    void showsNoneOfItsPartsByJmx() {
        assertThat(ManagementFactory.getPlatformMBeanServer().getDomains())
                .noneMatch(domain -> Stream.of(
                                "org.apache.camel", "org.apache.activemq", "org.apache.artemis", "org.springframework")
                        .anyMatch(domain::startsWith));
    }

    @Test
    void isNotAtThePublicPort() {
        hub.get("/actuator/health").tellsNoInternals();
        assertThat(hub.get("/actuator/prometheus").status()).isIn(401, 403, 404);
    }

    @Test
    void measuresWhatItDoes() {
        var number = Bodies.number();
        var parked =
                hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1))).hasStatus(202);
        hub.delivery(parked.id(), "parked");
        hub.delivery(hub.send(hub.signed().partner(Bodies.claim(number, "10"))).id(), "published");
        hub.send(Request.post("/in/nobody-" + number).body("{}")).isProblem(404);
        var metrics = await().atMost(Hub.PATIENCE)
                .until(
                        () -> getAsAdmin("/actuator/prometheus").text(),
                        text -> text.contains("hub_parked{connector=\"jira\""));
        for (var name : List.of(
                "hub_accept_seconds_bucket{connector=\"partner-api\",outcome=\"accepted\",le=",
                "hub_events_total{connector=\"jira\",outcome=\"parked\",type=\"ticket.updated.v1\"}",
                "hub_events_total{connector=\"partner-api\",outcome=\"translated\",type=\"claim.submitted.v1\"}",
                "hub_relayed_total{connector=\"partner-api\",outcome=\"published\"}",
                "hub_end_to_end_seconds_bucket{connector=\"partner-api\",le=",
                "hub_step_seconds_bucket{connector=\"partner-api\",step=\"translate\",le=",
                "hub_step_seconds_bucket{connector=\"partner-api\",step=\"trigger\",le=",
                "hub_in_flight{connector=\"jira\"}",
                "hub_held{connector=\"jira\"}",
                "hub_parked{connector=\"jira\"}",
                "hub_books_difference{connector=\"jira\"} 0.0",
                "hub_outbox_age_seconds ")) {
            assertThat(metrics.lines().filter(line -> line.startsWith(name.substring(0, 12))))
                    .as(name)
                    .anyMatch(line -> line.startsWith(name));
        }
        await("the held key")
                .atMost(Hub.PATIENCE)
                .until(
                        () -> getAsAdmin("/actuator/prometheus").text(),
                        text -> text.contains("hub_held_keys{connector=\"jira\"}"));
        // what strangers make up must not become time series
        assertThat(metrics).doesNotContain(number);
        hub.post(
                        "/api/dead-letters/"
                                + hub.delivery(parked.id(), "parked")
                                        .at("/events/0/id")
                                        .asText()
                                + "/discard",
                        "{\"reason\": \"seen\"}")
                .hasStatus(200);
    }
}
