package io.dovetail.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The image cannot be built where the tests run, so what can be known without an engine is checked here. */
class DockerImageTest {

    private final Checkout checkout = Checkout.here();
    private final List<String> instructions = checkout.instructions("docker/Dockerfile");

    @Test
    void copiesOnlyWhatTheCheckoutHas() {
        var letThrough = checkout.text("docker/Dockerfile.dockerignore").lines().toList();
        for (var path : copiedFromTheCheckout()) {
            assertThat(checkout.has(path)).as("COPY %s", path).isTrue();
            assertThat(letThrough).as("docker/Dockerfile.dockerignore").contains("!" + path);
        }
    }

    @Test
    void copiesEveryFolderThatEngineersWriteIn() {
        assertThat(copiedFromTheCheckout()).contains("connectors", "routes", "schemas");
    }

    @Test
    void runsAsNobodyInParticular() {
        var last = all("USER ").getLast();
        assertThat(last).matches("[1-9][0-9]{3,}:[1-9][0-9]{3,}");
        assertThat(instructions.indexOf("USER " + last)).isLessThan(indexOf("ENTRYPOINT"));
    }

    @Test
    void holdsNoSecret() {
        assertThat(all("ENV ").toString() + all("ARG ")).doesNotContainPattern("(PASSWORD|TOKEN|KEY|DATABASE_URL)");
    }

    @Test
    void startsJavaWithTheGuardsOfTheLauncherAndTheTests() {
        var guards = Pattern.compile("(?m)^guards=\"(.*)\"$").matcher(checkout.text("hub"));
        assertThat(guards.find()).isTrue();
        for (var guard : guards.group(1).split(" ")) {
            assertThat(instructions.get(indexOf("ENTRYPOINT"))).contains('"' + guard + '"');
            assertThat(checkout.text("pom.xml")).contains(guard);
        }
    }

    @Test
    void givesTheHubTheHeapThatTheLauncherGivesIt() {
        var options =
                Pattern.compile("server_options=\"\\$\\{HUB_JAVA_OPTS:-(.*)}\"").matcher(checkout.text("hub"));
        assertThat(options.find()).isTrue();
        assertThat(all("ENV ").toString()).contains("MALLOC_ARENA_MAX=2");
        assertThat(all("ENV ").toString()).contains("JAVA_TOOL_OPTIONS=\"" + options.group(1) + '"');
    }

    @ParameterizedTest
    @CsvSource({"200, true", "503, false"})
    void healthCheckFollowsReadiness(int status, boolean healthy) throws IOException, InterruptedException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/actuator/health/readiness", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(healthCheck(server.getAddress().getPort())).isEqualTo(healthy);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void healthCheckFailsWhereNothingListens() throws IOException, InterruptedException {
        assertThat(healthCheck(1)).isFalse();
    }

    private boolean healthCheck(int port) throws IOException, InterruptedException {
        var instruction = instructions.get(indexOf("HEALTHCHECK"));
        var json = instruction.substring(instruction.indexOf(" CMD ") + 5);
        var command = new ObjectMapper().readValue(json, String[].class);
        var process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        process.environment().put("HUB_MANAGEMENT_PORT", Integer.toString(port));
        var check = process.start();
        assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return check.exitValue() == 0;
    }

    private List<String> copiedFromTheCheckout() {
        return all("COPY ").stream()
                .filter(arguments -> !arguments.startsWith("--from="))
                .map(arguments -> arguments.split("\\s+"))
                .flatMap(words -> Arrays.stream(words).limit(words.length - 1))
                .distinct()
                .toList();
    }

    private List<String> all(String word) {
        return instructions.stream()
                .filter(instruction -> instruction.startsWith(word))
                .map(instruction -> instruction.substring(word.length()).strip())
                .toList();
    }

    private int indexOf(String word) {
        for (var i = 0; i < instructions.size(); i++) {
            if (instructions.get(i).startsWith(word)) {
                return i;
            }
        }
        throw new AssertionError("docker/Dockerfile has no " + word);
    }
}
