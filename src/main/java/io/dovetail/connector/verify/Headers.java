package io.dovetail.connector.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers of a delivery; names are case-insensitive. */
@FunctionalInterface
public interface Headers {

    List<String> all(String name);

    /** The header's only value; null when it is missing, empty or there more than once, which proves nothing. */
    default @Nullable String only(String name) {
        var values = all(name);
        return values.size() == 1 && !values.getFirst().isBlank()
                ? values.getFirst().strip()
                : null;
    }
}
