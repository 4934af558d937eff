package io.dovetail.check;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.translate.camel.CamelTranslator;
import io.dovetail.trigger.camel.CamelPolicies;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Loads the routes; files that Camel cannot load are told and left out, so that samples still show what else is wrong. */
final class Loading {

    private final Configuration configuration;
    private final Problems problems;
    private boolean complete = true;

    private Loading(Configuration configuration, Problems problems) {
        this.configuration = configuration;
        this.problems = problems;
    }

    /** Null when nothing can be rehearsed. */
    static @Nullable Rehearsal rehearsal(Configuration configuration, Problems problems) {
        var loading = new Loading(configuration, problems);
        var translator = loading.load(CamelTranslator::new);
        loading.complete = true;
        var polls = loading.load(CamelPolls::new);
        if (polls != null) {
            polls.close();
        }
        loading.complete = true;
        var policies = loading.load(CamelPolicies::new);
        if (translator != null && policies != null) {
            return new Rehearsal(translator, policies, loading.complete);
        }
        if (translator != null) {
            translator.close();
        }
        if (policies != null) {
            policies.close();
        }
        return null;
    }

    private <T> @Nullable T load(Function<Configuration, T> loader) {
        try {
            return loader.apply(configuration);
        } catch (BrokenRoutesException e) {
            complete = false;
            e.addTo(problems);
            try {
                return loader.apply(without(e.problems()));
            } catch (BrokenRoutesException again) {
                return null;
            }
        }
    }

    private Configuration without(List<Problem> broken) {
        var files = new TreeMap<>(configuration.files());
        broken.forEach(problem -> files.remove(problem.place().replaceFirst("(:\\d+)+$", "")));
        return new Configuration(configuration.hash(), files, configuration.connectors(), configuration.schemas());
    }
}
