package io.dovetail.operate;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.dovetail.intake.poll.Pollers;
import io.dovetail.intake.poll.Pollers.Reading;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /api/polls}: how far the systems are read that the hub asks for news, and reading them anew. */
@RestController
@RequestMapping("/api")
final class PollApi {

    private final Pollers pollers;

    PollApi(Pollers pollers) {
        this.pollers = pollers;
    }

    /** @param position in the route's own words */
    record PollView(
            String poll,
            String connector,
            @JsonRawValue @Nullable String position,
            @Nullable Instant readAt,
            @Nullable String obstacle) {

        static PollView of(Reading reading) {
            return new PollView(
                    reading.poll(), reading.connector(), reading.position(), reading.readAt(), reading.obstacle());
        }
    }

    record Order(
            @Nullable String poll,
            @Nullable Instant from,
            @Nullable String reason) {}

    @GetMapping("/polls")
    Map<String, List<PollView>> list() {
        return Map.of("polls", pollers.list().stream().map(PollView::of).toList());
    }

    @PostMapping("/polls/read-anew")
    Map<String, List<PollView>> readAnew(@RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        var from = Given.instant("from", order.from());
        if (from == null) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "Say from when, in \"from\".");
        }
        var reason = Given.reason(order.reason());
        var poll = order.poll() == null ? "" : order.poll();
        if (!pollers.readAnew(poll, from, operator.actor(), reason)) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "No such route asks for news; there are "
                            + String.join(
                                    ", ",
                                    pollers.list().stream().map(Reading::poll).toList()) + ".");
        }
        return list();
    }
}
