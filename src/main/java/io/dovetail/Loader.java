package io.dovetail;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.RouteLint;
import io.dovetail.check.Check;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.flow.FlowSettings;
import io.dovetail.flow.Version;
import io.dovetail.ledger.Versions;
import io.dovetail.operate.Reload;
import io.dovetail.translate.camel.CamelTranslator;
import io.dovetail.trigger.camel.CamelPolicies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From files to a version that is live: all of it, or nothing and all that is wrong. */
final class Loader {

    private static final Logger log = LoggerFactory.getLogger(Loader.class);

    private final Path root;
    private final Duration longestCall;
    private final KeySettings keys;

    Loader(Path root, FlowSettings flow, KeySettings keys) {
        this.keys = keys;
        this.root = root;
        this.longestCall = flow.deadline().dividedBy(2);
    }

    /** @throws Reload.RefusedException with all problems */
    Version load() {
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        check(configuration, problems);
        var version = start(configuration, problems);
        if (version == null) {
            throw refused(problems.list());
        }
        warnOfOpenDoors(configuration);
        return version;
    }

    /**
     * A version that is kept, when this hub finds no more fault with it than with one of today. Its samples are not
     * tried: those that are there are of the files, not of it.
     *
     * @throws Reload.RefusedException with all problems
     */
    Version kept(String hash, Versions versions) {
        try {
            var version = Archive.load(hash, versions, this::check);
            warnOfOpenDoors(version.configuration());
            return version;
        } catch (UnreadableVersionException e) {
            throw refused(e.problems());
        }
    }

    /** All problems of the files and of their samples. */
    List<Problem> checkFiles() {
        return Check.check(root, Set.of());
    }

    /** What engineers have written, as it is now. */
    Map<String, byte[]> files() {
        return Configuration.filesBelow(root);
    }

    private void check(Configuration configuration, Problems problems) {
        checkDeadlines(configuration, problems);
        checkKeys(configuration, problems);
    }

    /** Puts a configuration to work; null when anything is wrong, which is among the problems then. */
    static @Nullable Version start(Configuration configuration, Problems problems) {
        RouteLint.check(configuration.files(), problems);
        if (!problems.isEmpty()) {
            return null;
        }
        CamelTranslator translator = null;
        try {
            translator = new CamelTranslator(configuration);
            return new Version(configuration, translator, new CamelPolicies(configuration));
        } catch (BrokenRoutesException e) {
            if (translator != null) {
                translator.close();
            }
            e.addTo(problems);
            return null;
        }
    }

    /** An event may take as long as the flow says: what it asks for must leave time for the rest. */
    private void checkDeadlines(Configuration configuration, Problems problems) {
        for (var connector : configuration.connectors().values()) {
            var calls = connector.calls();
            if (calls != null && calls.deadline().compareTo(longestCall) > 0) {
                problems.add(
                        "connectors/" + connector.name() + "/connector.yaml",
                        "calls.deadline is longer than half of hub.flow.deadline, " + longestCall.toMillis() + " ms");
            }
        }
    }

    /** Whoever writes connectors does not decide whom the hub speaks to. */
    private void checkKeys(Configuration configuration, Problems problems) {
        for (var connector : configuration.connectors().values()) {
            for (var scheme : connector.webhook().verify().parts()) {
                var address = scheme.keysAt();
                if (address != null && !keys.allows(address)) {
                    problems.add(
                            "connectors/" + connector.name() + "/connector.yaml",
                            "its keys are at " + KeySettings.host(address)
                                    + ", which hub.keys.hosts does not name: add it there where that is right");
                }
            }
        }
    }

    private static void warnOfOpenDoors(Configuration configuration) {
        for (var connector : configuration.connectors().values()) {
            var reason = connector.webhook().verify().reason();
            if (reason != null) {
                log.warn("The connector {} takes deliveries from anybody, unproved: {}", connector.name(), reason);
            }
        }
    }

    static Reload.RefusedException refused(List<Problem> problems) {
        return new Reload.RefusedException(
                problems.stream().map(Object::toString).toList());
    }
}
