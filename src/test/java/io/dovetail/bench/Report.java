package io.dovetail.bench;

import java.util.Locale;

/**
 * What a bench found. Without a prefix, latencies are those at 60 % of the rate that was published at full speed.
 *
 * @param acceptedPerSecond answered 202, as the senders saw it
 * @param publishedPerSecond as the hub's books have it
 * @param seenPerSecond as the subscriber received them
 * @param backlogAtStart accepted and not yet published, when the measured time began
 * @param rssMiB the most that the hub's JVM had resident
 * @param warmupHalfSpeedSeconds after ready, until a second that published half of that rate; -1: never
 * @param readySeconds from the start of the process, with an existing data directory
 * @param loadCores what sending took, of the machine's cores
 * @param benchCores what sending and receiving took together
 * @param lost accepted and never seen by the subscriber
 */
record Report(
        double acceptedPerSecond,
        double publishedPerSecond,
        double seenPerSecond,
        double triggersPerSecond,
        long backlogAtStart,
        long backlogAtEnd,
        double fullSpeedAcceptP50Millis,
        double fullSpeedAcceptP99Millis,
        double fullSpeedEndToEndP50Millis,
        double fullSpeedEndToEndP99Millis,
        double latencyRatePerSecond,
        double acceptP50Millis,
        double acceptP99Millis,
        double endToEndP50Millis,
        double endToEndP99Millis,
        double readySeconds,
        int warmupHalfSpeedSeconds,
        long rssMiB,
        long postgresMiB,
        double hubCores,
        double postgresCores,
        double loadCores,
        double benchCores,
        double busyCores,
        double diskWaitCores,
        double singleRowFloorPerSecond,
        double batchFloorPerSecond,
        double ratioToSingleRowFloor,
        double ratioToBatchFloor,
        long refused,
        int lastRefusal,
        long lost,
        long booksDifference,
        int seconds,
        int warmupSeconds,
        int connections,
        int processors)
        implements Printed {

    /** Everything that was accepted came out, and the hub's books say the same. */
    @Override
    public boolean holds() {
        return lost == 0 && booksDifference == 0;
    }

    @Override
    public String text() {
        return String.format(
                Locale.ROOT,
                """

                At full speed, %d s after %d s of warm-up, %d connections, 1 KB each, signed, %d cores
                  accepted                 %9.0f /s
                  published                %9.0f /s   (seen by the subscriber: %.0f /s, and %.0f triggers/s)
                  backlog                  %9d      at the start, %d at the end
                  accept latency           %9.1f ms   p50   %8.1f ms p99
                  end to end               %9.1f ms   p50   %8.1f ms p99
                  cores                    %9.2f      hub, %.2f PostgreSQL, %.2f sender, %.2f subscriber
                                           %9.2f      busy in all, %.2f waiting for the disk
                  memory, at most          %9d MiB  hub, %d MiB PostgreSQL
                At %.0f /s, 60 %% of what was published
                  accept latency           %9.1f ms   p50   %8.1f ms p99
                  end to end               %9.1f ms   p50   %8.1f ms p99
                Start
                  ready after              %9.1f s    with an existing data directory
                  half of full speed after %9d s    from ready
                Floors: the same bytes into the same server, without a hub
                  single rows              %9.0f /s   one a commit, 16 connections; published is %.2f of it
                  batches                  %9.0f /s   256 a commit, 4 connections;  published is %.2f of it
                Nothing missing
                  refused                  %9d      %s
                  lost                     %9d      accepted, but never seen by the subscriber
                  books                    %9d      difference
                """,
                seconds,
                warmupSeconds,
                connections,
                processors,
                acceptedPerSecond,
                publishedPerSecond,
                seenPerSecond,
                triggersPerSecond,
                backlogAtStart,
                backlogAtEnd,
                fullSpeedAcceptP50Millis,
                fullSpeedAcceptP99Millis,
                fullSpeedEndToEndP50Millis,
                fullSpeedEndToEndP99Millis,
                hubCores,
                postgresCores,
                loadCores,
                benchCores - loadCores,
                busyCores,
                diskWaitCores,
                rssMiB,
                postgresMiB,
                latencyRatePerSecond,
                acceptP50Millis,
                acceptP99Millis,
                endToEndP50Millis,
                endToEndP99Millis,
                readySeconds,
                warmupHalfSpeedSeconds,
                singleRowFloorPerSecond,
                ratioToSingleRowFloor,
                batchFloorPerSecond,
                ratioToBatchFloor,
                refused,
                refused == 0 ? "" : "the last with status " + lastRefusal,
                lost,
                booksDifference);
    }
}
