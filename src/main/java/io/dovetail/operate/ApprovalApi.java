package io.dovetail.operate;

import io.dovetail.ledger.ProposedEdits;
import io.dovetail.operate.Views.ProposalPage;
import io.dovetail.replay.Repair;
import io.dovetail.replay.Repair.ConflictException;
import io.dovetail.replay.Repair.RepairException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Edits of dead letters that wait for a second operator. Who may decide on them is said in {@link Security}. */
@RestController
@RequestMapping("/api")
final class ApprovalApi {

    private static final int PAGE = 100;

    private final ProposedEdits proposals;
    private final Repair repair;

    ApprovalApi(ProposedEdits proposals, Repair repair) {
        this.proposals = proposals;
        this.repair = repair;
    }

    /** @param proposal the one that was looked at: another one may have taken its place since */
    record Approval(@Nullable UUID proposal) {}

    record Refusal(@Nullable String reason) {}

    @GetMapping("/dead-letters/proposals")
    ProposalPage proposals(
            @RequestParam(required = false) @Nullable String connector, @RequestParam(defaultValue = "0") long after) {
        var page = proposals.list(connector, after, PAGE);
        return ProposalPage.of(page, page.size() < PAGE ? null : page.getLast().seq());
    }

    @PostMapping("/dead-letters/{id}/approve")
    Map<String, Object> approve(
            @PathVariable UUID id,
            @RequestBody(required = false) @Nullable Approval approval,
            @AuthenticationPrincipal Operator operator) {
        if (approval == null || approval.proposal == null) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "Say which edit you have looked at, in \"proposal\": its id, as GET /api/dead-letters/{id} gives it.");
        }
        try {
            found(repair.approve(id, operator.actor(), approval.proposal));
            return Map.of("id", id, "status", "approved");
        } catch (RepairException e) {
            throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_ENTITY, e.getMessage());
        } catch (ConflictException e) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, e.getMessage());
        }
    }

    @PostMapping("/dead-letters/{id}/refuse")
    Map<String, Object> refuse(
            @PathVariable UUID id,
            @RequestBody(required = false) @Nullable Refusal refusal,
            @AuthenticationPrincipal Operator operator) {
        if (refusal == null || refusal.reason == null || refusal.reason.isBlank()) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "Say why, in \"reason\": it is kept, and the author reads it.");
        }
        try {
            found(repair.refuse(id, operator.actor(), refusal.reason));
            return Map.of("id", id, "status", "refused");
        } catch (ConflictException e) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, e.getMessage());
        }
    }

    private static void found(boolean wasThere) {
        if (!wasThere) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "There is no such dead letter. If there was one, somebody has replayed or discarded it meanwhile,"
                            + " and what was proposed is gone; its timeline tells.");
        }
    }
}
