package io.dovetail.operate;

import io.dovetail.connector.Configuration;
import io.dovetail.flow.Live;
import io.dovetail.ledger.Versions;
import io.dovetail.operate.VersionDiff.FileDiff;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

/** {@code /api/versions}: what was live and when, how they differ, and the way back to an earlier one. */
@RestController
@RequestMapping("/api")
final class VersionApi {

    private static final int PAGE = 100;
    private static final String LIVE = "live";
    private static final String DISK = "disk";

    private final Versions versions;
    private final Live live;
    private final Reload reload;

    VersionApi(Versions versions, Live live, Reload reload) {
        this.versions = versions;
        this.live = live;
        this.reload = reload;
    }

    /**
     * A version that is kept.
     *
     * @param insteadOf of the live version, when it was rolled back to: the hash of the files that it is live instead of
     * @param onDisk whether the files are its files now
     */
    record VersionView(
            String hash,
            Instant firstLiveAt,
            Instant liveSince,
            @Nullable Instant liveUntil,
            String by,
            @Nullable String reason,
            @Nullable String insteadOf,
            boolean onDisk) {

        static VersionView of(Versions.Kept kept, String disk) {
            return new VersionView(
                    kept.hash(),
                    kept.firstLiveAt(),
                    kept.liveSince(),
                    kept.liveUntil(),
                    kept.by(),
                    kept.reason(),
                    kept.insteadOf(),
                    kept.hash().equals(disk));
        }
    }

    /** @param from a hash, or {@code disk} */
    record DiffView(String from, String to, List<FileDiff> files) {}

    record Order(@Nullable String reason) {}

    private record Files(String name, Map<String, byte[]> files) {}

    /** The kept versions that a dead letter may be replayed as, with the one that is live first. */
    @GetMapping("/versions")
    List<VersionView> versions() {
        var disk = Configuration.hash(reload.filesNow());
        return versions.list(PAGE).stream()
                .map(kept -> VersionView.of(kept, disk))
                .toList();
    }

    /** @param to {@code live} unless given */
    @GetMapping("/versions/{version}/diff")
    DiffView diff(@PathVariable String version, @RequestParam(defaultValue = LIVE) String to) {
        var before = files(version);
        var after = files(to);
        return new DiffView(before.name, after.name, VersionDiff.between(before.files, after.files));
    }

    @PostMapping("/versions/{version}/rollback")
    Map<String, Object> rollBack(
            @PathVariable String version, @RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        var reason = Given.reason(order.reason);
        var hash = hash(version);
        if (!reload.rollBack(hash, operator.actor(), reason)) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "It is live already, and its files are there.");
        }
        return Map.of("version", hash, "status", "live");
    }

    private Files files(String version) {
        if (version.equals(DISK)) {
            return new Files(DISK, reload.filesNow());
        }
        var hash = version.equals(LIVE) ? live.configuration().hash() : hash(version);
        return new Files(hash, reload.filesOf(hash).orElseThrow(VersionApi::notFound));
    }

    private String hash(String beginning) {
        var named = versions.named(beginning);
        if (beginning.isEmpty() || named.isEmpty()) {
            throw notFound();
        }
        if (named.size() > 1) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT, "Several versions begin so; write more of the hash.");
        }
        return named.getFirst();
    }

    private static ResponseStatusException notFound() {
        return new ResponseStatusException(
                HttpStatus.NOT_FOUND, "No such version is kept; \"hub versions\" lists those that are.");
    }
}
