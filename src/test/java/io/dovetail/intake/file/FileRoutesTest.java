package io.dovetail.intake.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.RouteLint;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.intake.poll.camel.CamelPolls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route that takes files, as an engineer writes it. */
class FileRoutesTest {

    private static final String ROUTE = "routes/intake/shop.files.camel.yaml";

    private final Shop shop = new Shop().put(ROUTE, """
            - route:
                id: shop.files
                description: What the shop of acme leaves in a folder.
                from:
                  uri: kamelet:hub-files
                  parameters:
                    folder: "{{shop.acme-folder}}"
                    sender: acme
                    every: PT1M
                    marker: .done
                    number: HEAD.NUMBER
                  steps:
                    - to: kamelet:hub-accept
            """);

    private List<String> lint() {
        var problems = new Problems();
        RouteLint.check(shop.files(), problems);
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void saysWhichFilesItTakes() {
        assertThat(lint()).noneMatch(problem -> problem.contains("intake"));
        try (var routes = new CamelPolls(shop.configuration())) {
            assertThat(routes.routes()).isEmpty();
            var route = routes.files().getFirst();
            assertThat(route.door())
                    .isEqualTo(new FileDoor(
                            "shop.files",
                            "shop.acme-folder",
                            null,
                            "acme",
                            Duration.ofMinutes(1),
                            Duration.ofSeconds(10),
                            ".done",
                            List.of("HEAD", "NUMBER")));
            assertThat(route.secrets()).containsExactly("shop.acme-folder");
            var handed = new ArrayList<Object>();
            route.take(MissingNode.getInstance(), handed::add);
            assertThat(handed).hasSize(1);
        }
    }

    @Test
    void saysByWhichSecretsAnSftpServerIsRead() {
        shop.change(ROUTE, "sender: acme", """
                hostKey: "{{shop.acme-host-key}}"
                        password: "{{shop.acme-password}}"
                        sender: acme""");
        assertThat(lint()).noneMatch(problem -> problem.contains("intake"));
        try (var routes = new CamelPolls(shop.configuration())) {
            var route = routes.files().getFirst();
            assertThat(route.door().login()).isEqualTo(new Login("shop.acme-host-key", null, "shop.acme-password"));
            assertThat(route.secrets())
                    .containsExactlyInAnyOrder("shop.acme-folder", "shop.acme-host-key", "shop.acme-password");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sender: acme | 'hostKey: \"{{shop.key}}\"' | either privateKey or password",
                "sender: acme | 'password: \"{{shop.key}}\"' | wants hostKey",
                "sender: acme | hostKey: ssh-ed25519 | hostKey is a secret",
                "'\"{{shop.acme-folder}}\"' | /srv/in | 'folder is a secret, as \"{{shop.folder}}\"'",
                "PT1M | PT0S | every is a second or more",
                "marker: .done | quiet: P3D | quiet is a duration such as PT10S"
            })
    void saysWhatIsWrongWithIt(String piece, String by, String expected) {
        shop.change(ROUTE, piece, by);
        assertThatExceptionOfType(BrokenRoutesException.class)
                .isThrownBy(() -> new CamelPolls(shop.configuration()))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Problem::toString)
                        .singleElement()
                        .asString()
                        .contains(ROUTE, expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "marker: .done | noop: true | has no parameter",
                "marker: .done | marker: done | must match",
                "sender: acme | sender: a b | must match",
                "'{{shop.acme-folder}}' | '{{other.folder}}' | stands for nothing here",
                "kamelet:hub-files | file:/srv/in | begins with kamelet:hub-poll"
            })
    void isCheckedWithoutBeingLoaded(String piece, String by, String expected) {
        shop.change(ROUTE, piece, by);
        assertThat(lint()).anyMatch(problem -> problem.contains(ROUTE) && problem.contains(expected));
    }
}
