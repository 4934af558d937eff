package io.dovetail.crash;

import io.dovetail.check.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A mapping does not know something, so that event after event is parked; it is mended, all of them are sent on their way
 * again, and the hub is killed meanwhile.
 */
final class ReplayUnderKills implements Fault {

    private static final String MAPPING = "connectors/partner-api/mappings/certification.jslt";
    private static final int PARKED = 30;

    private @Nullable Path mapping;
    private @Nullable String mended;

    @Override
    public Path place(Path directory) throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "partner-api");
        mapping = root.resolve(MAPPING);
        mended = Files.readString(mapping);
        spoil();
        return directory;
    }

    private void spoil() throws IOException {
        Files.writeString(mapping, mended.replace("\"level\": text(.data.level)", """
                        "level": if (.data.level == "UNFORESEEN") error("unforeseen " + .data.program) else text(.data.level)\
                        """));
    }

    @Override
    public void prepare(Trial trial) {
        trial.hub.setting("HUB_ROOT", mapping.resolve("../../../..").normalize().toString());
    }

    @Override
    public int strike(Trial trial, Random random) throws IOException, InterruptedException {
        trial.await("so many are parked", () -> parked(trial) >= PARKED);
        mend(trial);
        // slowly enough that it is still at it
        var replay = trial.operator.replayAll(20);
        var kills = 1 + random.nextInt(2);
        for (var kill = 0; kill < kills; kill++) {
            trial.awaitAnswers(1 + random.nextInt(200));
            trial.hub.kill();
            trial.hub.launch();
            trial.hub.requireReady();
        }
        trial.await("the replay ends", () -> trial.operator.hasEnded(replay));
        spoil();
        reload(trial);
        return kills;
    }

    private static long parked(Trial trial) throws IOException, InterruptedException {
        return trial.operator.deadLetters().stream()
                .filter(letter -> letter.kind().equals("MAPPING"))
                .count();
    }

    private void mend(Trial trial) throws IOException, InterruptedException {
        Files.writeString(mapping, mended);
        reload(trial);
    }

    private static void reload(Trial trial) throws IOException, InterruptedException {
        if (trial.operator.reload() != 200) {
            throw new AssertionError("The hub does not take over a mapping");
        }
    }

    @Override
    public void lift(Trial trial) throws IOException, InterruptedException {
        mend(trial);
    }
}
