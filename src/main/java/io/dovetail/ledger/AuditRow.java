package io.dovetail.ledger;

import io.dovetail.event.Digests;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A row of the audit.
 *
 * @param n its place: 1, 2, 3 …, without a gap
 * @param hash SHA-256, in hexadecimal, over the hash of the row before and all other fields of this one
 */
public record AuditRow(
        long n,
        Instant at,
        String actor,
        @Nullable String role,
        String action,
        String subject,
        @Nullable String reason,
        @Nullable String detail,
        String hash) {

    /** What the first row follows. */
    static final String BEGINNING = "0".repeat(64);

    // another encoding, should there ever be one, must not give the hashes of this one
    private static final String ENCODING = "dovetail.audit.1";

    /** The next row of a chain. */
    static AuditRow after(long n, String previous, Instant at, AuditEntry entry) {
        var open = new AuditRow(
                n,
                at,
                entry.actor().name(),
                entry.actor().role(),
                entry.action(),
                entry.subject(),
                entry.reason(),
                entry.detail(),
                "");
        return open.withHash(open.hashAfter(previous));
    }

    boolean follows(String previous) {
        return hash.equals(hashAfter(previous));
    }

    /** What its hash is when it stands behind the row with {@code previous}. */
    String hashAfter(String previous) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            out.write(HexFormat.of().parseHex(previous));
            out.write(ENCODING.getBytes(StandardCharsets.US_ASCII));
            out.writeLong(n);
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, at));
            for (var field : new @Nullable String[] {actor, role, action, subject, reason, detail}) {
                write(out, field);
            }
            return HexFormat.of().formatHex(Digests.sha256(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each with its length, so that no text of one field can pass for the next. */
    private static void write(DataOutputStream out, @Nullable String field) throws IOException {
        if (field == null) {
            out.writeByte(0);
            return;
        }
        var bytes = field.getBytes(StandardCharsets.UTF_8);
        out.writeByte(1);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** The same at another place. */
    AuditRow at(long place) {
        return new AuditRow(place, at, actor, role, action, subject, reason, detail, hash);
    }

    private AuditRow withHash(String made) {
        return new AuditRow(n, at, actor, role, action, subject, reason, detail, made);
    }

    AuditHead head(Instant when) {
        return new AuditHead(n, hash, when);
    }
}
