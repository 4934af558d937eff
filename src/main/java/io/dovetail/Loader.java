package io.dovetail;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.RouteLint;
import io.dovetail.check.Check;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.flow.Live;
import io.dovetail.flow.Version;
import io.dovetail.ledger.Versions;
import io.dovetail.operate.Reload;
import io.dovetail.translate.camel.CamelTranslator;
import io.dovetail.trigger.camel.CamelPolicies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From files to a version that is live: all of it, or nothing and all that is wrong. */
final class Loader {

    private static final Logger log = LoggerFactory.getLogger(Loader.class);

    private final Path root;

    Loader(Path root) {
        this.root = root;
    }

    /** @throws Reload.RefusedException with all problems */
    Version load() {
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        RouteLint.check(configuration.files(), problems);
        refuseIfAny(problems.list());
        warnOfOpenDoors(configuration);
        CamelTranslator translator = null;
        try {
            translator = new CamelTranslator(configuration);
            return new Version(configuration, translator, new CamelPolicies(configuration));
        } catch (BrokenRoutesException e) {
            if (translator != null) {
                translator.close();
            }
            e.addTo(problems);
            refuseIfAny(problems.list());
            throw e;
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

    private static void refuseIfAny(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new Reload.RefusedException(
                    problems.stream().map(Object::toString).toList());
        }
    }

    Reload reload(Live live, Versions versions) {
        return actor -> {
            synchronized (this) {
                // the samples too: what an engineer changed must still do what the samples say
                refuseIfAny(Check.check(root, Set.of()));
                var next = load();
                versions.goLive(next.configuration().hash(), zip(next.configuration()), actor);
                live.become(next);
                return next.configuration().hash();
            }
        };
    }

    static byte[] zip(Configuration configuration) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : new TreeMap<>(configuration.files()).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
