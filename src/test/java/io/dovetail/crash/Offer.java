package io.dovetail.crash;

import java.time.LocalDate;

/**
 * One delivery as a sender means it: the {@code n}th of its key.
 *
 * @param key a certificate's id, the ordering key together with the sender
 * @param turn when it was sent, among those of its key: not always in the order of their numbers
 * @param id what the sender calls the delivery
 */
record Offer(String sender, String key, int n, int turn, Kind kind, String id) {

    enum Kind {
        /** Sets off a workflow. */
        EXPIRING,
        /** Sets off nothing. */
        REVOKED,
        /** Breaks the contract: is parked, and repaired by an operator later. */
        REPAIRED,
        /** Breaks the contract: is parked, and discarded by an operator later. */
        DISCARDED,
        /** Fails in a mapping that does not know it yet, and is replayed once the mapping was mended. */
        UNFORESEEN,
        /** Ends a hub that is made so, and is replayed later by one that is not. */
        DEADLY,
        /** Makes a hub hang that is made so, and is replayed later by one that is not. */
        ENDLESS,
        /** Is told again under another delivery id: an effect that happened already. */
        REPEATED,
        /** Is signed with a wrong secret. */
        FORGED,
        /** Is no JSON. */
        MALFORMED;

        boolean isBroken() {
            return this == REPAIRED || this == DISCARDED;
        }

        boolean isPoison() {
            return this == DEADLY || this == ENDLESS;
        }

        /** Whether it may come to lie with the dead letters. */
        boolean mayPark() {
            return isBroken() || isPoison() || this == UNFORESEEN;
        }

        boolean isRefused() {
            return this == FORGED || this == MALFORMED;
        }
    }

    private static final LocalDate START = LocalDate.of(2000, 1, 1);

    /** Whether exactly one event comes of it in the end. */
    boolean hasEffect() {
        return isTriggering() || kind == Kind.REVOKED;
    }

    /** Whether its event sets off a workflow. */
    boolean isTriggering() {
        return kind == Kind.EXPIRING || kind == Kind.REPAIRED || kind == Kind.UNFORESEEN || kind.isPoison();
    }

    /** What the hub is to call it. */
    String type() {
        return kind == Kind.REVOKED ? "certification.revoked.v1" : "certification.expiring.v1";
    }

    String body() {
        if (kind == Kind.MALFORMED) {
            return "{\"type\":";
        }
        var type = kind == Kind.REVOKED ? "certification.revoked" : "certification.expiring";
        var date = kind == Kind.REVOKED ? "revokedOn" : "expiresOn";
        return """
                {"type":"%s","timestamp":"2026-03-11T09:15:02Z","data":{"certificationId":"%s","program":"%d","%s":"%s",\
                "level":"%s","holder":{"name":"%s"}}}""".formatted(
                        type,
                        key,
                        n,
                        date,
                        kind.isBroken() ? "broken-" + n : day(),
                        kind.isPoison() || kind == Kind.UNFORESEEN ? kind : "2",
                        holder());
    }

    /** JSON Patch that mends what is broken. */
    String patch() {
        return "[{\"op\":\"replace\",\"path\":\"/data/expiresOn\",\"value\":\"" + day() + "\"}]";
    }

    private String holder() {
        return "x".repeat(200 + n % 600);
    }

    /** What a consumer must find in it, however it comes there. */
    int content() {
        return content(day().toString(), holder());
    }

    static int content(String day, String holder) {
        return 31 * day.hashCode() + holder.hashCode();
    }

    private LocalDate day() {
        return START.plusDays(n);
    }

    @Override
    public String toString() {
        return "%s/%s#%d (%s, delivery %s)".formatted(sender, key, n, kind, id);
    }
}
