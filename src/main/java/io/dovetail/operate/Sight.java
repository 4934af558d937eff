package io.dovetail.operate;

import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import java.nio.charset.StandardCharsets;

/** What an operator may see of contents: a viewer nothing that contracts mark as sensitive, all others everything. */
record Sight(Operator operator, Configuration configuration) {

    boolean isWhole() {
        return operator.role() != Role.VIEWER;
    }

    /**
     * @param part whether it is one business event's own part and not the whole delivery
     */
    String of(String connector, byte[] body, boolean part) {
        if (isWhole()) {
            return new String(body, StandardCharsets.UTF_8);
        }
        var known = configuration.connector(connector);
        if (known == null) {
            return "[not shown: there is no connector any more that says what of it is sensitive]";
        }
        try {
            return new String(known.shown(body, part), StandardCharsets.UTF_8);
        } catch (MalformedException e) {
            return "[not shown: it cannot be read, and may hold what is sensitive]";
        }
    }
}
