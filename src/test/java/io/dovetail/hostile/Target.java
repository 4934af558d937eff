package io.dovetail.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/** What a campaign asks of the hub that it shoots at, beside its doors. */
interface Target {

    /** The delivery as the API shows it; a missing node when there is none. */
    JsonNode delivery(String id);

    /** The event as it stood on the bus; a missing node when it has not come. */
    JsonNode published(String eventId);

    /** Those that have come so far are asked for no more: all that a long campaign brings is more than memory holds. */
    void forgetPublished();

    /** How many deliveries are stored. */
    long stored();

    /** The time that its processors have spent since it was started. */
    Duration cpu();

    /** What it should not have written into its log since this was asked last, and what its events should not hold. */
    List<String> leaks();

    /** Whether its process lives and its books balance; what is wrong otherwise. */
    List<String> health();
}
