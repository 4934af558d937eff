package io.dovetail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A door of the hub and somebody who must not get in by it.
 *
 * @param how what they bring along, as people call it
 * @param kind what is behind it for a stranger: nothing, or the hub's status
 * @param refusal the status by which it says no: 401, or what its vendor wants instead
 * @param busy the statuses by which it says that it has too much to do; nothing gets in by them
 * @param orElse the status by which it says that it cannot tell now, where that depends on others; null where it does not
 * @param lookAt where the fault is to be looked for
 */
record Door(
        HttpRequest request,
        String how,
        Kind kind,
        int refusal,
        Set<Integer> busy,
        @Nullable Integer orElse,
        String lookAt) {

    private static final Logger log = LoggerFactory.getLogger(Door.class);

    enum Kind {
        SHUT,
        STATUS_ALONE
    }

    static final int UNAUTHENTICATED = 401;
    static final int UNAVAILABLE = 503;
    static final Set<Integer> BUSY = Set.of(429, UNAVAILABLE);

    private static final long PAUSE_MILLIS = 50;
    private static final Set<String> STATUS = Set.of("status", "groups");

    /**
     * What is wrong with the door, and what to look at; empty when it is as it must be.
     *
     * @param longest for how long it is tried again while it is busy
     */
    Optional<String> knock(HttpClient client, Duration longest) throws InterruptedException {
        return Optional.ofNullable(fault(client, longest))
                .map(fault -> request.method() + " " + request.uri() + " " + how + " " + fault + ": " + lookAt);
    }

    private @Nullable String fault(HttpClient client, Duration longest) throws InterruptedException {
        var deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            String instead;
            try {
                var answer = client.send(request, BodyHandlers.ofString());
                if (!isBusy(answer)) {
                    return kind == Kind.SHUT ? notShut(answer) : tellsTooMuch(answer);
                }
                instead = String.valueOf(answer.statusCode());
            } catch (IOException e) {
                // whoever holds all connections that there may be lets nobody else be heard
                if (kind != Kind.SHUT || !(e instanceof HttpTimeoutException)) {
                    return "got no answer (" + e + ")";
                }
                instead = String.valueOf(e.getMessage());
            }
            // senders that waited for the hub may be faster than it and fill it, which says nothing about the door; and
            // a stranger who does must not be able to keep the hub from starting
            if (System.nanoTime() > deadline) {
                log.warn(
                        "{} {} was busy all the time ({}), so that nobody could try it {}",
                        request.method(),
                        request.uri(),
                        instead,
                        how);
                return null;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private boolean isBusy(HttpResponse<String> answer) {
        var status = answer.statusCode();
        return kind == Kind.SHUT && status != refusal && busy.contains(status) && !isUndecided(answer);
    }

    /** Nothing gets in by it then either. */
    private boolean isUndecided(HttpResponse<String> answer) {
        return orElse != null && orElse == answer.statusCode();
    }

    private @Nullable String notShut(HttpResponse<String> answer) {
        return answer.statusCode() == refusal || isUndecided(answer)
                ? null
                : "answered " + answer.statusCode() + " instead of " + refusal;
    }

    private static @Nullable String tellsTooMuch(HttpResponse<String> answer) {
        if (answer.statusCode() == UNAUTHENTICATED) {
            return null;
        }
        var told = new TreeSet<String>();
        try {
            new ObjectMapper().readTree(answer.body()).fieldNames().forEachRemaining(told::add);
        } catch (JsonProcessingException e) {
            return "answered " + answer.statusCode() + " with something that is no status";
        }
        told.removeAll(STATUS);
        return told.isEmpty() ? null : "told a stranger more than the status (" + String.join(", ", told) + ")";
    }
}
