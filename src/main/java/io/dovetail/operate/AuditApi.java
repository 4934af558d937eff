package io.dovetail.operate;

import io.dovetail.ledger.AuditLog;
import io.dovetail.ledger.HeadFile;
import io.dovetail.operate.AuditViews.Heads;
import io.dovetail.operate.AuditViews.PageView;
import io.dovetail.operate.AuditViews.VerdictView;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /api/audit}: who did what, and the proof that nobody has changed it since. */
@RestController
@RequestMapping("/api")
final class AuditApi {

    private static final int PAGE = 500;

    private final AuditLog audit;
    private final HeadFile file;

    AuditApi(AuditLog audit, HeadFile file) {
        this.audit = audit;
        this.file = file;
    }

    @GetMapping("/audit")
    PageView rows(
            @RequestParam(required = false) @Nullable Instant since, @RequestParam(defaultValue = "0") long after) {
        return PageView.of(audit.page(since, after, PAGE), PAGE);
    }

    /** Against the hub's own head file. */
    @GetMapping("/audit/verify")
    VerdictView verify() {
        try {
            return VerdictView.of(audit.verify(file.heads()), file.path().toString());
        } catch (IOException e) {
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The head file cannot be read.");
        }
    }

    /** Against heads that were kept elsewhere. */
    @PostMapping("/audit/verify")
    VerdictView verify(@RequestBody Heads kept) {
        if (kept.heads() == null || kept.heads().isEmpty()) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "Give \"heads\", each with \"n\", \"hash\" and \"at\", as a head file has them.");
        }
        return VerdictView.of(audit.verify(kept.heads()), null);
    }
}
