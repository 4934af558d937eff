package io.dovetail.intake.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Cutter.Piece;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Connector;
import io.dovetail.event.Digests;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.intake.poll.Handover;
import io.dovetail.intake.poll.Keeper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file while its route takes it. It is read twice: first to its end, to see that it is whole and can be read, so that
 * of one that cannot nothing is stored; then piece by piece into the store. What a crash in between makes it offer again
 * is known by name, number and bytes.
 */
final class FileInHand implements Handover {

    private static final int MOST_LETTERS = 256;
    private static final int MOST_BYTES = 2 << 20;
    private static final int LONGEST_NAME = 200;

    private interface Use {
        void piece(Piece piece, int number) throws MalformedException, InterruptedException;
    }

    private final FileDoor door;
    private final Connector connector;
    private final Folder folder;
    private final Found found;
    private final Keeper keeper;
    private final List<Letter> letters = new ArrayList<>();
    private long bytes;
    private boolean isStored;
    private @Nullable RefusedFileException refusal;

    FileInHand(FileDoor door, Connector connector, Folder folder, Found found, Keeper keeper) {
        this.door = door;
        this.connector = connector;
        this.folder = folder;
        this.found = found;
        this.keeper = keeper;
    }

    /** Whether all of it is. */
    boolean isStored() {
        return isStored;
    }

    /** Why it never will be; null: it is, or may be another time. */
    @Nullable
    RefusedFileException refusal() {
        return refusal;
    }

    @Override
    public void accept(JsonNode said) {
        try {
            store();
            isStored = true;
        } catch (RefusedFileException e) {
            refusal = e;
            throw failed(FailureKind.REJECTED, "refused", e.getMessage());
        } catch (IOException e) {
            // a sentence of ours; what the system says needs the name of its kind
            var why = e.getClass() == IOException.class ? e.getMessage() : e.toString();
            throw failed(FailureKind.EXTERNAL, "unreadable", "it cannot be read now: " + why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(FailureKind.EXTERNAL, "stopped", "the hub is being stopped, or its files change");
        }
    }

    private void store() throws RefusedFileException, IOException, InterruptedException {
        if (!found.isFile()) {
            throw new RefusedFileException(
                    Reason.MALFORMED, "It is a link or a device, and not a file. Links are never followed.");
        }
        if (!found.shown().equals(found.name())) {
            throw new RefusedFileException(Reason.MALFORMED, "Its name has control characters.");
        }
        if (found.size() == 0) {
            throw new RefusedFileException(Reason.MALFORMED, "It is empty.");
        }
        var pieces = pieces((piece, number) -> connector.codec().read(piece.body()));
        var isSmall = found.size() <= connector.webhook().maxBytes();
        if (pieces == 0 && !isSmall) {
            throw new RefusedFileException(
                    Reason.TOO_LARGE,
                    "It has " + found.size() + " bytes, and at most "
                            + connector.webhook().maxBytes() + " are taken of what cannot be cut.");
        }
        if (pieces <= 1 && isSmall) {
            storeAsItIs();
        } else {
            requireUnchanged();
            pieces((piece, number) -> {
                put(piece.body(), "#" + name(piece, number));
                if (letters.size() >= MOST_LETTERS || bytes >= MOST_BYTES) {
                    flush();
                }
            });
            flush();
        }
        requireUnchanged();
    }

    /** Byte for byte. */
    private void storeAsItIs() throws RefusedFileException, IOException, InterruptedException {
        byte[] body;
        try (var in = folder.read(found)) {
            body = in.readNBytes(connector.webhook().maxBytes() + 1);
        }
        requireUnchanged();
        try {
            connector.codec().read(body);
        } catch (MalformedException e) {
            throw new RefusedFileException(Reason.MALFORMED, e.getMessage());
        }
        put(body, "");
        flush();
    }

    /** @return how many there were; 0 where it cannot be cut, or there is nothing to cut out */
    private int pieces(Use use) throws RefusedFileException, IOException, InterruptedException {
        var count = 0;
        try (var in = folder.read(found)) {
            var cutter = connector.cutter(in, door.number());
            if (cutter == null) {
                return 0;
            }
            for (var piece = cutter.next(); piece != null; piece = cutter.next()) {
                count++;
                try {
                    use.piece(piece, count);
                } catch (MalformedException e) {
                    throw new RefusedFileException(
                            Reason.MALFORMED,
                            "In no. " + count + " of it (" + name(piece, count) + "), with lines counted from there: "
                                    + e.getMessage());
                }
            }
        } catch (MalformedException e) {
            throw new RefusedFileException(Reason.MALFORMED, e.getMessage());
        }
        return count;
    }

    /** Its own number, where that is one. */
    private static String name(Piece piece, int number) {
        return piece.number().matches("[!-~]{1,40}") ? piece.number() : String.valueOf(number);
    }

    private void put(byte[] body, String behind) {
        var media = connector.webhook().firstMedia();
        letters.add(new Letter(door.sender(), shortened(found.name()) + behind, false, media, body, null));
        bytes += body.length;
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        return name.substring(0, LONGEST_NAME - 17) + "~" + Digests.brief(Digests.sha256(name.getBytes(UTF_8)));
    }

    private void flush() throws InterruptedException {
        keeper.store(List.copyOf(letters));
        letters.clear();
        bytes = 0;
    }

    private void requireUnchanged() throws IOException {
        if (!folder.isUnchanged(found)) {
            throw new IOException("it has changed meanwhile, and is read again when it is quiet");
        }
    }

    private FailedException failed(FailureKind kind, String rule, String message) {
        return new FailedException(Failure.of(kind, found.shown(), rule, message));
    }
}
