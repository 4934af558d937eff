package io.dovetail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** For the audit: which of the hub's own settings it has been given other values for than they have by themselves. */
final class GivenSettings {

    private static final String SET = "(set)";

    private GivenSettings() {}

    /** @param settings records, each with a prefix */
    static ObjectNode of(List<? extends Record> settings) {
        var given = new TreeMap<String, String>();
        for (var record : settings) {
            var prefix = Objects.requireNonNull(record.getClass().getAnnotation(ConfigurationProperties.class))
                    .value();
            var ofItself = new Binder(List.of()).bindOrCreate(prefix, record.getClass());
            for (var component : record.getClass().getRecordComponents()) {
                try {
                    var value = component.getAccessor().invoke(record);
                    if (!Objects.equals(value, component.getAccessor().invoke(ofItself))) {
                        var name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
                        given.put(name, shown(name, String.valueOf(value)));
                    }
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("a record's accessor only reads", e);
                }
            }
        }
        var node = JsonNodeFactory.instance.objectNode();
        given.forEach(node::put);
        return node;
    }

    /** Of what may hold a password no more than that it is there: not even a hash, by which it could be guessed. */
    private static String shown(String name, String value) {
        if (name.endsWith("password")) {
            return SET;
        }
        // PostgreSQL's are addresses without their two slashes, too
        if (!value.contains("://") && !name.endsWith("url")) {
            return value;
        }
        // an address may have a password before its host or behind a question mark
        return value.contains("@") ? SET : value.replaceFirst("[?;].*", "");
    }
}
