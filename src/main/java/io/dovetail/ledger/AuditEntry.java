package io.dovetail.ledger;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is to become a row of the audit. Long texts are cut: what somebody wrote must not fill it.
 *
 * @param action what was done, in a word
 * @param subject what it was done to
 * @param reason as its actor gave it
 * @param detail more, as JSON
 */
public record AuditEntry(
        Actor actor,
        String action,
        String subject,
        @Nullable String reason,
        @Nullable String detail) {

    private static final int LONGEST_SUBJECT = 300;
    private static final int LONGEST_REASON = 2_000;

    public AuditEntry {
        actor = new Actor(kept(actor.name(), LONGEST_SUBJECT), actor.role());
        subject = kept(subject, LONGEST_SUBJECT);
        reason = reason == null ? null : kept(reason, LONGEST_REASON);
    }

    public static AuditEntry of(Actor actor, String action, String subject, @Nullable String reason) {
        return new AuditEntry(actor, action, subject, reason, null);
    }

    /** As it will be read again, so that its hash stays right: without NUL and without half characters. */
    private static String kept(String text, int longest) {
        var cut = text.length() > longest ? text.substring(0, longest) + "…" : text;
        return Steps.clean(new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
