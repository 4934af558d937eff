package io.dovetail.connector;

/**
 * What a connector's senders may do before they are told to come again later; 0 is no limit.
 *
 * @param perSecond deliveries of one sender, in the long run
 * @param burst deliveries of one sender at once; 0 without {@code perSecond}
 * @param bytesPerSecond of the deliveries of one sender, in the long run
 * @param bytesBurst of the deliveries of one sender at once; 0 without {@code bytesPerSecond}
 * @param concurrent requests of all senders that are being worked on at the same time
 * @param concurrentBytes of the bodies of all senders that are being worked on at the same time
 */
public record Limits(
        int perSecond, int burst, long bytesPerSecond, long bytesBurst, int concurrent, long concurrentBytes) {

    static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0);

    public Limits {
        if (perSecond < 0
                || burst < 0
                || bytesPerSecond < 0
                || bytesBurst < 0
                || concurrent < 0
                || concurrentBytes < 0
                || perSecond == 0 != (burst == 0)
                || bytesPerSecond == 0 != (bytesBurst == 0)) {
            throw new IllegalArgumentException("no limits: " + perSecond + ", " + burst + ", " + bytesPerSecond + ", "
                    + bytesBurst + ", " + concurrent + ", " + concurrentBytes);
        }
    }

    /** Without those of bytes. */
    public static Limits ofRequests(int perSecond, int burst, int concurrent) {
        return new Limits(perSecond, burst, 0, 0, concurrent, 0);
    }
}
