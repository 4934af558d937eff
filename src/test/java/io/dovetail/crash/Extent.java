package io.dovetail.crash;

import java.time.Duration;

/**
 * How much a campaign is to be.
 *
 * @param kills at random moments; other faults come in proportion
 * @param deliveries to be accepted in all
 * @param away how long the database, the broker and room on the disk stay away each time
 */
record Extent(int kills, int deliveries, Duration away) {

    /** How often something comes that comes so often for a hundred kills; at least once. */
    int times(int ofHundredKills) {
        return Math.max(1, kills * ofHundredKills / 100);
    }
}
