package io.dovetail.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many trials of many faults, each on data of its own, so that what went wrong in one spoils no other. The seed says
 * when a fault comes and what partners send; what happens at the same time on the machine, nobody can say again.
 */
final class Campaign {

    private final Extent extent;
    private final Load load;
    private final long seed;
    private final Path directory;
    private final Consumer<String> news;
    private volatile @Nullable Trial running;
    private volatile @Nullable Fault dealing;

    /** @param directory for what hubs and ledgers keep; what a round without a flaw kept is deleted */
    Campaign(Extent extent, Load load, long seed, Path directory, Consumer<String> news) {
        this.extent = extent;
        this.load = load;
        this.seed = seed;
        this.directory = directory;
        this.news = news;
    }

    /**
     * @param deliveries how many of the campaign's are to be accepted meanwhile, at least
     * @param soFar gets what was found, after each round
     */
    Report.ArmResult run(Arm arm, int deliveries, Consumer<Report.ArmResult> soFar)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var whyNot = arm.whyNot().apply(directory);
        if (whyNot != null) {
            news.accept("%s: not tried, %s".formatted(arm.name(), whyNot));
            return new Report.ArmResult(arm.name(), arm.what(), whyNot, Figures.NONE);
        }
        var blows = arm.blows().apply(extent);
        var rounds = (blows + arm.blowsOfARound() - 1) / arm.blowsOfARound();
        var figures = Figures.NONE;
        for (var round = 0; round < rounds; round++) {
            var blowsLeft = blows - figures.blows();
            if (blowsLeft <= 0 && round > 0) {
                break;
            }
            var roundsLeft = rounds - round;
            var ofThis = round(arm, round, (blowsLeft + roundsLeft - 1) / roundsLeft, (int)
                    Math.max(0, (deliveries - figures.accepted()) / roundsLeft));
            figures = figures.plus(ofThis);
            soFar.accept(new Report.ArmResult(arm.name(), arm.what(), "", figures));
            news.accept("%s, round %d of %d: %d blows, %,d accepted, %s in %d s"
                    .formatted(
                            arm.name(),
                            round + 1,
                            rounds,
                            ofThis.blows(),
                            ofThis.accepted(),
                            ofThis.violations().isEmpty()
                                    ? "all well"
                                    : ofThis.violations().toString(),
                            ofThis.millis() / 1000));
        }
        return new Report.ArmResult(arm.name(), arm.what(), "", figures);
    }

    private Figures round(Arm arm, int round, int blows, int deliveries) throws IOException, InterruptedException {
        var place = directory.resolve(arm.name() + "-" + round);
        // an earlier campaign may have kept what was wrong
        Template.delete(place);
        Files.createDirectories(place);
        var random = new Random(seed * 31 + arm.name().hashCode() * 17L + round);
        var begun = System.nanoTime();
        Figures figures;
        try (var fault = arm.fault().apply(extent)) {
            dealing = fault;
            var load = new Load(this.load.partners(), this.load.keys(), arm.unforeseen(), this.load.patience());
            try (var trial = Trial.in(fault.place(place), place.resolve("ledgers"), load)) {
                running = trial;
                figures = round(trial, fault, random, blows, deliveries, begun);
            }
        }
        running = null;
        dealing = null;
        if (figures.violations().isEmpty()) {
            Template.delete(place);
        } else {
            news.accept("%s: what was kept is in %s".formatted(arm.name(), place));
        }
        return figures;
    }

    /** Leaves nothing running or mounted when this process is made to end. */
    void abandon() {
        var trial = running;
        var fault = dealing;
        if (trial != null) {
            trial.hub.close();
        }
        try {
            if (fault != null) {
                fault.close();
            }
        } catch (IOException e) {
            news.accept("Not undone: " + e.getMessage());
        }
    }

    private static Figures round(Trial trial, Fault fault, Random random, int blows, int deliveries, long begun)
            throws InterruptedException {
        var found = new LinkedHashSet<Violation>();
        var dealt = 0;
        try {
            fault.prepare(trial);
            trial.hub.start();
            trial.consumer.start();
            trial.partners.start(random.nextLong());
            try (var tending = Tending.of(trial)) {
                while (dealt < blows) {
                    var left = Math.max(0, deliveries - trial.partners.accepted());
                    pass(trial, random, Math.max(fault.pace(), left / (blows - dealt)));
                    dealt += fault.strike(trial, random);
                }
                trial.awaitAnswers(fault.pace());
                while (trial.partners.accepted() < deliveries) {
                    trial.awaitAnswers(deliveries - trial.partners.accepted());
                }
            }
            trial.partners.finish();
            fault.lift(trial);
            found.addAll(trial.settle());
        } catch (IOException | RuntimeException | AssertionError e) {
            found.addAll(trial.found());
            found.add(new Violation(Violation.Kind.STUCK, said(e)));
        }
        return Figures.of(trial, dealt, (System.nanoTime() - begun) / 1_000_000, found);
    }

    /** Lets so many deliveries be answered on average; how long it was quiet says nothing of when the next blow comes. */
    private static void pass(Trial trial, Random random, int mean) throws InterruptedException {
        trial.awaitAnswers(1 + (int) Math.min(4 * mean, -Math.log(1 - random.nextDouble()) * mean));
        Thread.sleep(random.nextInt(1, 20));
    }

    private static String said(Throwable failure) {
        var cause = failure.getCause();
        return failure + (cause == null ? "" : ", because of " + cause);
    }

    /** Hubs that break a promise each. */
    List<Report.ControlResult> controls() throws IOException {
        var controls = new ArrayList<>(Control.ALL);
        var whyNot = Control.whyNoPowerLoss();
        if (whyNot == null) {
            controls.add(Control.UNSYNCED);
        } else {
            news.accept(Control.UNSYNCED.name() + ": not tried, " + whyNot);
        }
        var results = new ArrayList<Report.ControlResult>();
        for (var control : controls) {
            var place = directory.resolve("control-" + control.name());
            Template.delete(place);
            Files.createDirectories(place);
            Set<Violation> found;
            try {
                found = control.run(place);
            } catch (Exception | AssertionError e) {
                found = Set.of(new Violation(Violation.Kind.STUCK, said(e)));
            }
            var result = new Report.ControlResult(
                    control.name(),
                    control.what(),
                    control.breaks(),
                    found.stream().map(Violation::toString).limit(3).toList(),
                    found.stream().anyMatch(violation -> violation.kind() == control.breaks()));
            results.add(result);
            news.accept("%s: %s".formatted(control.name(), result.red() ? "red, as it must be" : "NOT NOTICED"));
            Template.delete(place);
        }
        return results;
    }
}
