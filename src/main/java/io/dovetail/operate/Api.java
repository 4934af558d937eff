package io.dovetail.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.Connector;
import io.dovetail.flow.Live;
import io.dovetail.ledger.Books;
import io.dovetail.ledger.DeadLetters;
import io.dovetail.ledger.Timeline;
import io.dovetail.ledger.Verification;
import io.dovetail.ledger.Verified;
import io.dovetail.operate.Views.ConnectorView;
import io.dovetail.operate.Views.DeadLetterDetail;
import io.dovetail.operate.Views.DeadLetterPage;
import io.dovetail.operate.Views.DeliveryView;
import io.dovetail.operate.Views.TimelineView;
import io.dovetail.replay.Repair;
import io.dovetail.replay.Repair.RepairException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /api}: what operators and their tools ask. Described by {@code /api/openapi.json}. */
@RestController
@RequestMapping("/api")
final class Api {

    private static final int PAGE = 100;

    private final Timeline timeline;
    private final DeadLetters deadLetters;
    private final Books books;
    private final Verification verification;
    private final Repair repair;
    private final Live live;
    private final Reload reload;

    Api(
            Timeline timeline,
            DeadLetters deadLetters,
            Books books,
            Verification verification,
            Repair repair,
            Live live,
            Reload reload) {
        this.timeline = timeline;
        this.deadLetters = deadLetters;
        this.books = books;
        this.verification = verification;
        this.repair = repair;
        this.live = live;
        this.reload = reload;
    }

    /** What an operator wants with a dead letter, and why. */
    record Order(
            @Nullable String reason,
            @Nullable JsonNode patch,
            @Nullable String text,
            @Nullable String as) {

        String because() {
            return Given.reason(reason);
        }
    }

    /** What an operator wants with all dead letters of a key, and why. */
    record KeyOrder(
            @Nullable String connector,
            @Nullable String key,
            @Nullable String reason) {

        int carriedOut(Repair repair, boolean skip, Operator operator) {
            if (connector == null || key == null) {
                throw new ResponseStatusException(
                        HttpStatus.BAD_REQUEST, "Name the key, in \"connector\" and \"key\".");
            }
            var why = Given.reason(reason);
            Given.text("connector", connector);
            Given.text("key", key);
            var done = repair.ofKey(connector, key, skip, operator.actor(), why);
            if (done == 0) {
                throw notFound("dead letter");
            }
            return done;
        }
    }

    @GetMapping("/deliveries/{id}")
    DeliveryView delivery(@PathVariable UUID id, @AuthenticationPrincipal Operator operator) {
        return timeline.delivery(id)
                .map(delivery -> DeliveryView.of(delivery, sight(operator)))
                .orElseThrow(() -> notFound("delivery"));
    }

    @GetMapping("/timeline")
    TimelineView timeline(
            @RequestParam String key,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "" + PAGE) int limit,
            @AuthenticationPrincipal Operator operator) {
        if (limit < 1 || limit > PAGE) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "\"limit\" is from 1 to " + PAGE + ".");
        }
        var page = timeline.search(key, before == null ? Long.MAX_VALUE : before, limit);
        return TimelineView.of(key, page, sight(operator));
    }

    private Sight sight(Operator operator) {
        return new Sight(operator, live.configuration());
    }

    @GetMapping("/dead-letters")
    DeadLetterPage deadLetters(
            @RequestParam(required = false) @Nullable String connector,
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(defaultValue = "0") long after) {
        var page = deadLetters.list(connector, group, after, PAGE);
        return DeadLetterPage.of(
                page, page.size() < PAGE ? null : page.getLast().seq());
    }

    @GetMapping("/dead-letters/{id}")
    DeadLetterDetail deadLetter(@PathVariable UUID id, @AuthenticationPrincipal Operator operator) {
        var configuration = live.configuration();
        return deadLetters
                .find(id)
                .map(detail -> DeadLetterDetail.of(
                        detail,
                        configuration.hash(),
                        repair.needsApproval(detail.letter()),
                        new Sight(operator, configuration)))
                .orElseThrow(() -> notFound("dead letter"));
    }

    @PostMapping("/dead-letters/{id}/replay")
    ResponseEntity<Map<String, Object>> replay(
            @PathVariable UUID id, @RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        try {
            var wish = new Repair.Wish(order.because(), order.patch(), order.text(), order.as());
            var proposal = repair.replay(id, operator.actor(), wish)
                    .orElseThrow(() -> notFound("dead letter"))
                    .proposal();
            return proposal == null
                    ? ResponseEntity.ok(Map.of("id", id, "status", "replayed"))
                    : ResponseEntity.accepted().body(Map.of("id", id, "status", "proposed", "proposal", proposal));
        } catch (RepairException e) {
            throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_ENTITY, e.getMessage());
        }
    }

    @PostMapping("/dead-letters/{id}/discard")
    Map<String, Object> discard(
            @PathVariable UUID id, @RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        if (!repair.discard(id, operator.actor(), order.because())) {
            throw notFound("dead letter");
        }
        return Map.of("id", id, "status", "discarded");
    }

    @PostMapping("/dead-letters/{id}/skip")
    Map<String, Object> skip(
            @PathVariable UUID id, @RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        if (!repair.skip(id, operator.actor(), order.because())) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND, "There is no such dead letter, or it holds no key: nothing waits behind it.");
        }
        return Map.of("id", id, "status", "skipped");
    }

    @PostMapping("/dead-letters/skip")
    Map<String, Object> skip(@RequestBody KeyOrder order, @AuthenticationPrincipal Operator operator) {
        return Map.of("skipped", order.carriedOut(repair, true, operator));
    }

    @PostMapping("/dead-letters/discard")
    Map<String, Object> discard(@RequestBody KeyOrder order, @AuthenticationPrincipal Operator operator) {
        return Map.of("discarded", order.carriedOut(repair, false, operator));
    }

    @GetMapping("/books")
    List<Books.Page> books() {
        return books.pages();
    }

    @GetMapping("/books/verify")
    Verified verify() {
        return verification.verify();
    }

    @GetMapping("/connectors")
    List<ConnectorView> connectors() {
        return live.configuration().connectors().values().stream()
                .sorted(Comparator.comparing(Connector::name))
                .map(ConnectorView::of)
                .toList();
    }

    @PostMapping("/reload")
    Map<String, Object> reload(@AuthenticationPrincipal Operator operator) {
        return Map.of("version", reload.reload(operator.actor()), "status", "live");
    }

    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    Resource description() {
        return new ClassPathResource("openapi.json", Api.class);
    }

    private static ResponseStatusException notFound(String what) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such " + what + ".");
    }
}
