package io.dovetail.intake.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.call.Secrets;
import io.dovetail.connector.Connector;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.intake.poll.Keeper;
import io.dovetail.intake.poll.Source;
import io.dovetail.ledger.Cursors.Cursor;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that is looked into for files, the oldest first. One is taken when it is whole, and moved to {@code done} when
 * it is stored, or to {@code refused} when it never will be. What keeps one from being taken keeps no other.
 */
public final class FolderSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(FolderSource.class);

    /** How names end that transfer programs give to what they have not finished. */
    private static final Set<String> UNFINISHED = Set.of(".tmp", ".part", ".partial", ".filepart");

    /** For a marker. A hub that dies between taking it and moving its file leaves the file so. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    // clocks of two machines differ a little
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final int MOST_TOLD = 5;

    private final FileRoute route;
    private final FileDoor door;
    private final Connector connector;
    private final Secrets secrets;
    private final Refusals refusals;
    // and could not be moved yet; a crash forgets it, and what is offered once more then is recognised
    private final Set<Found> stored = new HashSet<>();
    // whose markers are gone, and which could not be moved yet
    private final Set<Found> unmarked = new HashSet<>();

    /** Who is told of files that are refused. */
    public interface Refusals {

        /** @param about what helps whoever looks into it */
        void refused(Reason reason, String about);
    }

    /** @param secrets where the folder's place is */
    public FolderSource(FileRoute route, Connector connector, Secrets secrets, Refusals refusals) {
        this.route = route;
        this.door = route.door();
        this.connector = connector;
        this.secrets = secrets;
        this.refusals = refusals;
    }

    @Override
    public String id() {
        return door.id();
    }

    @Override
    public String connector() {
        return door.connector();
    }

    @Override
    public Duration every() {
        return door.every();
    }

    @Override
    public @Nullable Duration hurry() {
        return null;
    }

    @Override
    public Set<String> secrets() {
        return route.secrets();
    }

    @Override
    public boolean isReadAnew() {
        return false;
    }

    @Override
    public void read(Keeper keeper, @Nullable Cursor known, Instant now) throws InterruptedException {
        var hindered = new ArrayList<String>();
        try (var folder = open()) {
            var all = folder.list();
            stored.retainAll(all);
            unmarked.retainAll(all);
            if (all.size() == Folder.MOST) {
                hindered.add("there are " + Folder.MOST
                        + " files or more, and no more are looked at; the others follow when these are gone");
            }
            for (var found : whole(all, now, hindered)) {
                try {
                    take(folder, found, keeper, now);
                } catch (RuntimeException | IOException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new InterruptedException();
                    }
                    hindered.add(found.shown() + ": " + e.getMessage());
                }
            }
        } catch (IOException e) {
            throw failed(reason(e));
        }
        if (!hindered.isEmpty()) {
            var more = hindered.size() > MOST_TOLD ? "; and " + (hindered.size() - MOST_TOLD) + " more" : "";
            throw failed(hindered.stream().limit(MOST_TOLD).collect(Collectors.joining("; ")) + more);
        }
        keeper.keep(new Cursor("{}", now));
    }

    private Folder open() throws IOException {
        var login = door.login();
        return login == null ? LocalFolder.open(place()) : SftpFolder.open(door.folder(), login, secrets);
    }

    private Path place() throws IOException {
        var text = secrets.value(door.folder());
        try {
            var place = Path.of(text);
            if (place.isAbsolute()) {
                return place;
            }
        } catch (InvalidPathException e) {
            // said below, with what it should be
        }
        throw new IOException("the secret " + door.folder() + " is not the full path of a folder, as /srv/in/acme");
    }

    private String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing ->
                "the folder that the secret " + door.folder() + " names is not there; make it, or mount it";
            case NotDirectoryException none ->
                "what the secret " + door.folder() + " names, or done or refused in it, is no folder";
            case IOException ours when ours.getClass() == IOException.class -> String.valueOf(ours.getMessage());
            default -> "the folder that the secret " + door.folder() + " names cannot be used: " + e;
        };
    }

    /** Those whose writers have finished, the oldest first. */
    private List<Found> whole(List<Found> all, Instant now, List<String> hindered) {
        var names = all.stream().map(Found::name).collect(Collectors.toSet());
        var whole = new ArrayList<Found>();
        for (var found : all) {
            if (isUnfinished(found.name()) || isMarker(found.name())) {
                continue;
            }
            if (!found.isFile()) {
                // to be refused
                whole.add(found);
            } else if (found.changedAt().isAfter(now.plus(SKEW))) {
                hindered.add(found.shown() + ": it is said to have changed at " + found.changedAt()
                        + ", which is yet to come; set the clock of the machine that writes it");
            } else if (door.marker().isEmpty()
                    ? !found.changedAt().isAfter(now.minus(door.quiet()))
                    : unmarked.contains(found) || names.contains(found.name() + door.marker())) {
                whole.add(found);
            } else if (!door.marker().isEmpty() && found.changedAt().isBefore(now.minus(PATIENCE))) {
                var name = found.shown();
                hindered.add(name + ": its marker " + name + door.marker() + " has not come for an hour; see with"
                        + " ./hub timeline " + name + " whether it is taken in, and take it away or mark it");
            }
        }
        whole.sort(Comparator.comparing(Found::changedAt).thenComparing(Found::name));
        return whole;
    }

    private static boolean isUnfinished(String name) {
        var small = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".") || UNFINISHED.stream().anyMatch(small::endsWith);
    }

    private boolean isMarker(String name) {
        return !door.marker().isEmpty() && name.endsWith(door.marker());
    }

    private void take(Folder folder, Found found, Keeper keeper, Instant now) throws IOException {
        if (!stored.contains(found)) {
            var file = new FileInHand(door, connector, folder, found, keeper);
            try {
                route.take(about(found), file);
            } catch (FailedException e) {
                var refusal = file.refusal();
                if (refusal == null) {
                    throw e;
                }
                refuse(folder, found, refusal, now);
                return;
            }
            if (!file.isStored()) {
                throw failed("the route does not hand it over; end it with kamelet:hub-accept");
            }
            stored.add(found);
        }
        unmark(folder, found);
        folder.moveToDone(found, now);
        stored.remove(found);
        unmarked.remove(found);
    }

    private static JsonNode about(Found found) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", found.shown())
                .put("size", found.size())
                .put("changedAt", found.changedAt().toString());
    }

    /** Before the file goes: a marker that outlives its file would make the next one of that name whole at once. */
    private void unmark(Folder folder, Found found) throws IOException {
        if (!door.marker().isEmpty()) {
            unmarked.add(found);
            folder.unmark(found, door.marker());
        }
    }

    private void refuse(Folder folder, Found found, RefusedFileException refusal, Instant now) throws IOException {
        log.warn("{} refuses {}: {}", door.id(), found.shown(), refusal.getMessage());
        unmark(folder, found);
        folder.moveToRefused(
                found,
                """
                %s is not taken in, and nothing of it is.

                Why: %s
                What to do: mend it, or have it sent again, and put it into the folder above this one.

                connector %s, sender %s, route %s, %s
                """.formatted(found.shown(), refusal.getMessage(), connector.name(), door.sender(), door.id(), now),
                now);
        unmarked.remove(found);
        refusals.refused(refusal.reason(), "file " + found.shown());
    }

    private FailedException failed(String what) {
        return new FailedException(Failure.of(FailureKind.EXTERNAL, door.id(), "files", what));
    }
}
