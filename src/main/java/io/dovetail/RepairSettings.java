package io.dovetail;

import io.dovetail.connector.Configuration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How dead letters are repaired.
 *
 * @param approve the connectors of which a second operator approves every edit
 */
@ConfigurationProperties("hub.repair")
record RepairSettings(@DefaultValue List<String> approve) {

    /**
     * {@link #approve}, all of which are there: a slip in a name would let everybody edit alone.
     *
     * @throws CannotStartException with those that are not
     */
    Set<String> approve(Configuration configuration) {
        var unknown = new TreeSet<>(approve);
        var there = configuration.connectors().keySet();
        unknown.removeAll(there);
        if (!unknown.isEmpty()) {
            throw new CannotStartException("The setting hub.repair.approve cannot be used: there is no connector "
                    + String.join(", ", unknown) + ". There are " + String.join(", ", new TreeSet<>(there)) + ".");
        }
        return new HashSet<>(approve);
    }
}
