package io.dovetail.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a campaign: one fault, brought about again and again.
 *
 * @param what is done to the hub
 * @param blows how many of them there are
 * @param blowsOfARound how many the same hub, on the same data, has to stand
 * @param fault a new one for each round
 * @param unforeseen whether partners send what a mapping does not know yet
 * @param whyNot why it cannot be tried on this machine; null when it can
 */
record Arm(
        String name,
        String what,
        Function<Extent, Integer> blows,
        int blowsOfARound,
        Function<Extent, Fault> fault,
        boolean unforeseen,
        Function<Path, @Nullable String> whyNot) {

    static final String KILLS = "kills";
    static final String CONTROLS = "controls";

    /** The last one sends what is left of the campaign's deliveries. */
    static final List<Arm> ALL = List.of(
            arm(
                    "points",
                    "the hub dies where something is half done: " + NamedKillPoints.POINTS.size() + " named points",
                    extent -> extent.times(22),
                    NamedKillPoints.POINTS.size(),
                    extent -> new NamedKillPoints()),
            arm(
                    "database-crash",
                    "kill -9 of PostgreSQL's server, or of one of its processes, while the hub lives on",
                    extent -> extent.times(10),
                    30,
                    extent -> new DatabaseCrash()),
            arm(
                    "database-outage",
                    "an external PostgreSQL beyond a line that is cut, or falls silent and goes on where it stopped",
                    extent -> Math.max(2, extent.times(2)),
                    2,
                    extent -> new DatabaseOutage(extent.away())),
            arm(
                    "broker-away",
                    "the broker inside the hub stops and cannot be started",
                    extent -> extent.times(1),
                    1,
                    extent -> new BrokerAway(extent.away())),
            new Arm(
                    "disk-full",
                    "the hub's file system, 4 GiB on a loop device, fills up to the brink, and to the last byte",
                    extent -> Math.max(2, extent.times(2)),
                    6,
                    extent -> new FullDisk(extent.away().dividedBy(4)),
                    false,
                    FullDisk::whyNot),
            new Arm(
                    "clock",
                    "the clock of the hub and its database jumps by seconds, minutes, an hour and a day, forth and back",
                    extent -> extent.times(9),
                    20,
                    extent -> new ClockJumps(),
                    false,
                    directory -> ClockJumps.whyNot()),
            arm(
                    "poison",
                    "events that end the hub whenever they are tried, or never end themselves",
                    extent -> extent.times(2),
                    6,
                    extent -> new Poisoning()),
            new Arm(
                    "replay",
                    "what a mapping did not know is replayed, all of it at once, while the hub is killed",
                    extent -> extent.times(4),
                    12,
                    extent -> new ReplayUnderKills(),
                    true,
                    directory -> null),
            new Arm(
                    "power",
                    "the power goes of a virtual machine in which the hub is, and with it what no disk was told to keep",
                    extent -> extent.times(20),
                    10,
                    extent -> new PowerLoss(),
                    false,
                    directory -> Guest.whyNot()),
            arm(
                    KILLS,
                    "kill -9 of the hub at random moments, at work, while it starts and while it recovers",
                    Extent::kills,
                    25,
                    extent -> new RandomKills()));

    private static Arm arm(
            String name,
            String what,
            Function<Extent, Integer> blows,
            int blowsOfARound,
            Function<Extent, Fault> fault) {
        return new Arm(name, what, blows, blowsOfARound, fault, false, directory -> null);
    }
}
