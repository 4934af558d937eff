package io.dovetail.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fires attacks through a door, each unproved and proved, asks for good service after each, and waits until everything
 * that was taken has come to an end. What must not happen is written down, and the campaign goes on.
 */
final class Campaign {

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(120);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(15);
    // ten times what is usual on a slow machine, and what a start leaves to compile
    private static final Duration EACH_CPU = Duration.ofMillis(500);
    private static final Duration MOST_CPU = Duration.ofSeconds(10);
    private static final int AT_ONCE = 200;
    private static final List<String> INTERNALS = List.of("Exception", "java.", "io.dovetail", "\tat ", "jakarta.");

    private record Pending(Attack attack, String id) {}

    private final Door door;
    private final Target hub;
    private final Canaries canaries;
    private final Numbers numbers;
    private final Tally tally = new Tally();
    private final List<Surprise> surprises = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private final long storedBefore;
    private Duration cpuBefore;
    private int casesBefore;

    Campaign(Door door, Target hub, Canaries canaries, Numbers numbers) {
        this.door = door;
        this.hub = hub;
        this.canaries = canaries;
        this.numbers = numbers;
        this.storedBefore = hub.stored();
        this.cpuBefore = hub.cpu();
    }

    /** What has been tried so far, and how it ended. */
    Tally tally() {
        return tally;
    }

    /**
     * Returns what surprised, when all of it has ended.
     *
     * @param atMost when this has passed, no further case is begun beyond a tenth of them
     */
    List<Surprise> run(List<Attack> attacks, Duration atMost) {
        var begun = System.nanoTime();
        tally.drawn(attacks.size());
        for (var attack : attacks) {
            if (System.nanoTime() - begun >= atMost.toNanos() && tally.cases() > attacks.size() / 10) {
                break;
            }
            fire(attack);
            good(attack);
            if (pending.size() >= AT_ONCE) {
                settle();
                weigh();
            }
        }
        settle();
        weigh();
        var last = "all " + tally.cases() + " cases";
        Stream.of(canaries.touched(), canaries.row(), hub.leaks(), hub.health())
                .flatMap(List::stream)
                .forEach(what -> surprise(last, what));
        var stored = hub.stored() - storedBefore;
        if (stored != taken.size()) {
            surprise(last, stored + " deliveries are stored, but " + taken.size() + " were taken");
        }
        tally.surprised(surprises.size());
        return List.copyOf(surprises);
    }

    private void surprise(Object attack, String what) {
        surprises.add(new Surprise(attack.toString(), what));
    }

    /** All that has been settled since the last time, with what was done of it behind the doors. */
    private void weigh() {
        var now = hub.cpu();
        var spent = now.minus(cpuBefore);
        var cases = tally.cases() - casesBefore;
        if (spent.compareTo(MOST_CPU.plus(EACH_CPU.multipliedBy(cases))) > 0) {
            surprise("the last " + cases + " cases", spent.toSeconds() + " s of CPU went");
        }
        tally.spent(spent);
        cpuBefore = now;
        casesBefore = tally.cases();
    }

    private void fire(Attack attack) {
        var delivery = attack.delivery().get();
        tally.fired();
        for (var arm : List.of(Arm.UNSIGNED, Arm.SIGNED)) {
            var begun = System.nanoTime();
            var reply = door.deliver(delivery, arm);
            var took = Duration.ofNanos(System.nanoTime() - begun);
            if (took.compareTo(ANSWERS_WITHIN) > 0) {
                surprise(attack, "it took " + took.toSeconds() + " s to answer");
            }
            if (reply.said().contains(Canaries.SECRET)) {
                surprise(attack, "the answer holds what is in the canary's file");
            }
            judge(attack, arm, reply);
        }
        canaries.touched().forEach(what -> surprise(attack, what));
    }

    private void judge(Attack attack, Arm arm, Reply reply) {
        switch (reply) {
            case Reply.Wrong wrong -> surprise(attack + ", " + arm, wrong.why());
            case Reply.Refused refused when arm == Arm.UNSIGNED -> tally.turnedAway();
            case Reply.Taken t
            when arm == Arm.UNSIGNED -> {
                surprise(attack + ", " + arm, "it was taken without a proof, as " + t.id());
                taken.add(t.id());
            }
            case Reply.Refused refused -> ended(attack, Ending.REFUSED, refused.how());
            case Reply.Taken t when t.again() -> ended(attack, Ending.DUPLICATE, t.id());
            case Reply.Taken t -> {
                taken.add(t.id());
                pending.add(new Pending(attack, t.id()));
            }
        }
    }

    private void ended(Attack attack, Ending ending, String how) {
        tally.ended(ending);
        if (!door.ends(attack).contains(ending)) {
            surprise(
                    attack, "it was %s (%s), and should have been one of %s".formatted(ending, how, door.ends(attack)));
        }
    }

    /** Who has done nothing is served as ever. */
    private void good(Attack before) {
        var number = numbers.next();
        var template = Template.all().getFirst();
        var good = Attack.of("good", number, Ending.ACCEPTANCE, () -> template.sound(number));
        if (door.deliver(good.delivery().get(), Arm.SIGNED) instanceof Reply.Taken t) {
            taken.add(t.id());
            pending.add(new Pending(good, t.id()));
        } else {
            surprise(before, "a good delivery is not taken after it");
        }
    }

    /** Waits for the ends of what was taken. */
    private void settle() {
        var until = System.nanoTime() + ENDS_WITHIN.toNanos();
        for (var one : pending) {
            var delivery = hub.delivery(one.id);
            while (!isOver(one.attack, delivery) && System.nanoTime() < until) {
                pause();
                delivery = hub.delivery(one.id);
            }
            if (isOver(one.attack, delivery)) {
                over(one, delivery);
            } else {
                surprise(one.attack, "it comes to no end: " + delivery);
            }
        }
        pending.clear();
        hub.forgetPublished();
        canaries.row().forEach(what -> surprise("the last " + AT_ONCE, what));
    }

    private boolean isOver(Attack attack, JsonNode delivery) {
        var state = delivery.path("state").asText("accepted");
        if (state.equals("published") && attack.echo() != null) {
            return !hub.published(event(delivery)).isMissingNode();
        }
        return !state.equals("accepted")
                && (!state.equals("held") || door.ends(attack).contains(Ending.HELD));
    }

    private static String event(JsonNode delivery) {
        return delivery.at("/events/0/id").asText();
    }

    private void over(Pending one, JsonNode delivery) {
        var ending = Ending.of(delivery.path("state").asText());
        if (!one.attack.family().equals("good")) {
            ended(one.attack, ending, delivery.toString());
        } else if (ending != Ending.ACCEPTED) {
            surprise(one.attack, "a good delivery ended as " + delivery);
        }
        for (var event : delivery.path("events")) {
            var failure = event.path("failure");
            var kind = failure.path("kind").asText("");
            if (kind.equals("POISON") || kind.equals("INTERNAL") || kind.equals("EXTERNAL")) {
                surprise(one.attack, "content made a failure of kind " + failure);
            }
            var message = failure.path("message").asText("");
            // what it quotes of the delivery is the sender's own
            if (INTERNALS.stream().anyMatch(message::contains)
                    && !one.attack.name().contains("dovetail")) {
                surprise(one.attack, "the failure tells of the hub's inside: " + message);
            }
        }
        var echo = one.attack.echo();
        if (echo != null && ending == Ending.ACCEPTED) {
            var said =
                    hub.published(event(delivery)).at("/data" + echo.pointer()).asText();
            if (!said.equals(echo.text())) {
                surprise(one.attack, "another text arrived: " + said);
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
