package io.dovetail.operate;

import io.dovetail.flow.Flow;
import io.dovetail.flow.Live;
import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.Pauses.Pause;
import io.dovetail.ledger.Pauses.What;
import io.dovetail.relay.Relay;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /api/pauses}: stops the intake, a connector, one of its keys, a workflow's triggers or the relay for a time, and lets it go on. */
@RestController
@RequestMapping("/api")
final class PauseApi {

    // PostgreSQL indexes no more than 2,704
    private static final int MAX_NAME = 2_000;

    private final Pauses pauses;
    private final Live live;
    private final Flow flow;
    private final Relay relay;

    PauseApi(Pauses pauses, Live live, Flow flow, Relay relay) {
        this.pauses = pauses;
        this.live = live;
        this.flow = flow;
        this.relay = relay;
    }

    record PauseView(String what, String name, Instant at, String by, String reason) {

        static PauseView of(Pause pause) {
            return new PauseView(pause.what().word(), pause.name(), pause.at(), pause.actor(), pause.reason());
        }
    }

    /** @param name of the connector, {@code CONNECTOR/KEY}, or of the workflow that triggers set off; none for the intake and the relay */
    record Order(
            @Nullable String what,
            @Nullable String name,
            @Nullable String reason) {

        What kind() {
            return Arrays.stream(What.values())
                    .filter(kind -> kind.word().equals(what))
                    .findFirst()
                    .orElseThrow(() -> refused(
                            HttpStatus.BAD_REQUEST,
                            "Say what, in \"what\": intake, connector, key, trigger or relay."));
        }

        String named() {
            var given = Given.shortText("name", name, MAX_NAME);
            return given == null ? "" : given;
        }

        String because() {
            return Given.reason(reason);
        }
    }

    @GetMapping("/pauses")
    Map<String, List<PauseView>> list() {
        return Map.of("pauses", pauses.list().stream().map(PauseView::of).toList());
    }

    @PostMapping("/pauses")
    Map<String, List<PauseView>> pause(@RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        var what = order.kind();
        var because = order.because();
        known(what, order.named());
        if (!pauses.pause(what, order.named(), operator.actor(), because)) {
            throw refused(HttpStatus.CONFLICT, "It is paused already.");
        }
        return list();
    }

    /** What is not there any more can be resumed too. */
    @PostMapping("/pauses/resume")
    Map<String, List<PauseView>> resume(@RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        if (!pauses.resume(order.kind(), order.named(), operator.actor(), order.because())) {
            throw refused(HttpStatus.CONFLICT, "It is not paused.");
        }
        flow.resumed();
        relay.wake();
        return list();
    }

    private void known(What what, String name) {
        switch (what) {
            case CONNECTOR ->
                oneOf("connector", name, live.configuration().connectors().keySet());
            case KEY -> {
                var slash = name.indexOf('/');
                if (slash < 0 || slash == name.length() - 1) {
                    throw refused(HttpStatus.BAD_REQUEST, "Name the key, in \"name\", as CONNECTOR/KEY.");
                }
                oneOf(
                        "connector",
                        name.substring(0, slash),
                        live.configuration().connectors().keySet());
            }
            case TRIGGER -> oneOf("workflow", name, live.workflows());
            case INTAKE, RELAY -> {
                if (!name.isEmpty()) {
                    throw refused(HttpStatus.BAD_REQUEST, "The " + what.word() + " has no name: there is one.");
                }
            }
        }
    }

    private static void oneOf(String what, String name, Set<String> names) {
        if (!names.contains(name)) {
            throw refused(
                    HttpStatus.NOT_FOUND,
                    "There is no such " + what + "; there are "
                            + new TreeSet<>(names).stream().collect(Collectors.joining(", ")) + ".");
        }
    }

    private static ResponseStatusException refused(HttpStatus status, String why) {
        return new ResponseStatusException(status, why);
    }
}
