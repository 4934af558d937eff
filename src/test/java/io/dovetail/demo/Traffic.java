package io.dovetail.demo;

import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Partner;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A little of what a working day brings, until somebody stops it. */
final class Traffic {

    private static final long PAUSE_MILLIS = 1_500;

    private final Partner partner;
    private final long run = Instant.now().getEpochSecond() % 86_400;

    Traffic(HubProcess.Address hub, House house) {
        partner = Partner.of(hub, house.connector("partner-api"), "default");
    }

    void run(HubProcess process) throws InterruptedException {
        for (var n = 1; process.isAlive(); n++) {
            try {
                partner.deliver("traffic-" + run + "-" + n, next(n).getBytes(StandardCharsets.UTF_8), Map.of());
            } catch (UncheckedIOException e) {
                // a hub that is ending does not answer any more; one that stumbled will, the next time
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private String next(int n) {
        var random = ThreadLocalRandom.current();
        var now = Instant.now();
        return switch (n % 3) {
            case 0 -> """
                {"type":"claim.submitted","timestamp":"%s","data":{"claimNumber":"CLM-%d-%d","severity":"%s"}}\
                """.formatted(now, run, n, random.nextBoolean() ? "low" : "high");
            case 1 -> """
                {"type":"order.placed","timestamp":"%s","data":{"orderNumber":"AC-%d-%d",
                 "total":{"amount":"%d.00","currency":"EUR"},"lines":[{"line":"10","quantity":"%d"}]}}\
                """.formatted(now, run, n, random.nextInt(500, 20_000), random.nextInt(1, 500));
            default -> """
                {"type":"deal.registered","timestamp":"%s","data":{"dealId":"DEAL-%d-%d",
                 "value":{"amount":"%d.00","currency":"EUR"},"partnerTier":"gold"}}\
                """.formatted(now, run, n, random.nextInt(5_000, 200_000));
        };
    }
}
