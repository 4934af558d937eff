package io.dovetail.connector;

/**
 * What a connector's senders may do before they are told to come again later; 0 is no limit.
 *
 * @param each of one sender
 * @param together of all senders
 * @param concurrent requests of all senders that are being worked on at the same time
 * @param concurrentBytes of the bodies of all senders that are being worked on at the same time
 */
public record Limits(Rate each, Rate together, int concurrent, long concurrentBytes) {

    /**
     * How much may come.
     *
     * @param perSecond deliveries, in the long run
     * @param burst deliveries at once; 0 without {@code perSecond}
     * @param bytesPerSecond of deliveries, in the long run
     * @param bytesBurst of deliveries at once; 0 without {@code bytesPerSecond}
     */
    public record Rate(int perSecond, int burst, long bytesPerSecond, long bytesBurst) {

        public static final Rate NONE = new Rate(0, 0, 0, 0);

        public Rate {
            if (perSecond < 0
                    || burst < 0
                    || bytesPerSecond < 0
                    || bytesBurst < 0
                    || perSecond == 0 != (burst == 0)
                    || bytesPerSecond == 0 != (bytesBurst == 0)) {
                throw new IllegalArgumentException(
                        "no rate: " + perSecond + ", " + burst + ", " + bytesPerSecond + ", " + bytesBurst);
            }
        }
    }

    static final Limits NONE = new Limits(Rate.NONE, Rate.NONE, 0, 0);

    public Limits {
        if (concurrent < 0 || concurrentBytes < 0) {
            throw new IllegalArgumentException("no limits: " + concurrent + ", " + concurrentBytes);
        }
    }

    /** Of one sender, without those of bytes. */
    public static Limits ofRequests(int perSecond, int burst, int concurrent) {
        return new Limits(new Rate(perSecond, burst, 0, 0), Rate.NONE, concurrent, 0);
    }
}
