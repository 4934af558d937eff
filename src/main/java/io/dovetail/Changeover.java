package io.dovetail;

import io.dovetail.connector.Configuration;
import io.dovetail.flow.Live;
import io.dovetail.flow.Version;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Versions;
import io.dovetail.ledger.Versions.Held;
import io.dovetail.operate.Reload;
import java.util.Map;
import java.util.Optional;

/** From one version that is live to another: that of the files, or an earlier one. One at a time. */
final class Changeover implements Reload {

    private final Loader loader;
    private final Live live;
    private final Versions versions;
    private final Runnable changed;

    /** @param changed told when another version is live */
    Changeover(Loader loader, Live live, Versions versions, Runnable changed) {
        this.loader = loader;
        this.live = live;
        this.versions = versions;
        this.changed = changed;
    }

    @Override
    public synchronized String reload(Actor actor) {
        // the samples too: what an engineer changed must still do what the samples say
        var problems = loader.checkFiles();
        if (!problems.isEmpty()) {
            throw Loader.refused(problems);
        }
        var next = loader.load();
        versions.goLive(next.configuration().hash(), Archive.zip(next.configuration()), actor);
        return become(next);
    }

    @Override
    public synchronized boolean rollBack(String hash, Actor actor, String reason) {
        var files = Configuration.hash(filesNow());
        if (hash.equals(live.configuration().hash()) && hash.equals(files)) {
            return false;
        }
        var next = loader.kept(hash, versions);
        versions.rollBack(new Held(hash, files, reason), actor);
        become(next);
        return true;
    }

    private String become(Version next) {
        live.become(next);
        changed.run();
        return next.configuration().hash();
    }

    @Override
    public Map<String, byte[]> filesNow() {
        return loader.files();
    }

    @Override
    public Optional<Map<String, byte[]>> filesOf(String hash) {
        return Archive.files(hash, versions);
    }
}
