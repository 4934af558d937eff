package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.call.Callers;
import io.dovetail.codec.JsonCodec;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException;
import io.dovetail.ledger.Cursors.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One asking of a source, page by page, from where the last one ended to the source's end. What a crash makes it read
 * again is known by its bytes, as is what the overlap reads again.
 */
final class Round implements Page.Shelf {

    private static final Logger log = LoggerFactory.getLogger(Round.class);

    private final PollRoute route;
    private final Poll poll;
    private final Callers callers;
    private final Keeper keeper;
    private final Instant begin;
    private Instant readAt;
    private final boolean isFirst;
    private Position reached;
    private @Nullable String since;

    /**
     * @param cursor where the last one ended; null: there was none
     * @param now by our clock
     */
    Round(PollRoute route, Callers callers, Keeper keeper, @Nullable Cursor cursor, Instant now) {
        this.route = route;
        this.poll = route.poll();
        this.callers = callers;
        this.keeper = keeper;
        this.begin = now;
        this.isFirst = cursor == null;
        this.readAt = cursor == null ? now : cursor.readAt();
        var last = cursor == null ? Position.at(now.minus(poll.begin())) : Position.read(cursor.position());
        this.since = poll.overlaps() ? last.since() : null;
        this.reached = since == null ? last : last.atRest();
    }

    /**
     * Returns at the source's end, with all before it stored.
     *
     * @throws io.dovetail.event.FailedException when it does not come that far; what was stored stays so
     */
    void run() throws InterruptedException {
        if (isFirst) {
            // it begins here, whenever it succeeds
            keep(reached, readAt);
        }
        var gap = isGap() ? gap() : null;
        var from = from(gap != null);
        if (gap != null) {
            // not a token that the source has forgotten, should there be no news
            reached = from;
        }
        since = since(from);
        var before = gap == null ? List.<Letter>of() : List.of(gap);
        var size = new PageSize(poll.most());
        boolean hasMore;
        do {
            var page = new Page(poll, callers.of(poll.connector(), poll.deadline()), this, from, before);
            try {
                read(page, from, size);
                size.grow();
            } catch (FailedException e) {
                // nothing of the page is stored: it was not read
                if (page.isAccepted() || !size.shrinksFor(e.failure())) {
                    throw e;
                }
                log.info("{} is asked for {} at a time: {}", poll.id(), size, e.getMessage());
                hasMore = true;
                continue;
            }
            before = List.of();
            from = page.position();
            hasMore = page.hasMore();
        } while (hasMore);
        keep(reached, begin);
    }

    /** As the last asking had it when that was broken off: what it has read since then may not be all that happened. */
    private @Nullable String since(Position from) {
        var start = from.timeText();
        var window = poll.window();
        return since == null
                        || start == null
                        || since.compareTo(start) > 0
                        || window != null && Instant.parse(since).isBefore(begin.minus(window))
                ? start
                : since;
    }

    private void read(Page page, Position from, PageSize size) {
        var body = JsonNodeFactory.instance.objectNode().put("since", since);
        body.set("from", from.tree());
        body.put("now", Position.text(begin));
        size.tell(body);
        route.read(body, page);
        page.complete();
    }

    /** No sooner than the source can tell: some refuse to be asked for more. What lies before it was read or is a gap. */
    private Position from(boolean isGap) {
        var time = reached.time();
        var start = time == null ? null : time.minus(poll.overlap());
        var window = poll.window();
        if (window != null && (isGap || start != null && start.isBefore(begin.minus(window)))) {
            return Position.at(begin.minus(window));
        }
        return start == null || !poll.overlaps() ? reached : Position.at(start);
    }

    /** A hub that has read all there was has missed nothing, however long the source says nothing new. */
    private boolean isGap() {
        var window = poll.window();
        return window != null && until().isBefore(begin.minus(window));
    }

    /** Up to when nothing is missing. */
    private Instant until() {
        var time = reached.time();
        return time == null || time.isBefore(readAt) ? readAt : time;
    }

    /** What is told, before anything that was read after it, when the source has forgotten what came next. */
    @Override
    public Letter gap() {
        var window = Objects.requireNonNull(poll.window());
        var until = until();
        log.warn(
                "{} has not been read since {}, and its source can tell no more than {}: what happened in between is"
                        + " missing",
                poll.id(),
                until,
                window);
        // nothing of the moment is in it, so that it is known again after a crash
        return poll.letter(JsonCodec.write(JsonNodeFactory.instance
                .objectNode()
                .put("hub", "source.gap")
                .put("poll", poll.id())
                .put("lastReadAt", until.toString())
                .put("window", window.toString())));
    }

    @Override
    public @Nullable String objection(byte[] body) throws RefusedException {
        return keeper.objection(poll.sender(), body);
    }

    @Override
    public void store(List<Letter> letters) throws InterruptedException {
        keeper.store(letters);
    }

    /** Another gap is another event. */
    @Override
    public void toldOfAGap() {
        readAt = begin;
    }

    @Override
    public void moveTo(Position position) throws InterruptedException {
        reached = poll.overlaps() ? later(position) : position;
        keep(poll.overlaps() && since != null ? reached.reading(since) : reached, readAt);
    }

    /** What is read again lies before what was reached, and a row of tomorrow must not hide those of today. */
    private Position later(Position position) {
        var time = position.time();
        var before = reached.time();
        if (time == null || before != null && before.isAfter(time)) {
            return reached;
        }
        return Position.at(time.isAfter(begin) ? begin : time);
    }

    private void keep(Position position, Instant readToTheEndAt) throws InterruptedException {
        keeper.keep(new Cursor(position.json(), readToTheEndAt));
    }
}
