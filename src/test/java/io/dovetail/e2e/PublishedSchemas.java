package io.dovetail.e2e;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas below {@code schemas/} as a consumer would read them: the files alone, without any code of the hub. */
final class PublishedSchemas {

    private static final Map<String, JsonSchema> READ = new ConcurrentHashMap<>();

    private PublishedSchemas() {}

    /** @param name such as {@code events/order.placed.v1} */
    static JsonSchema get(String name) {
        return READ.computeIfAbsent(
                name,
                n -> JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                SchemaLocation.of(Path.of("schemas/" + n + ".schema.json")
                                        .toUri()
                                        .toString()),
                                SchemaValidatorsConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .build()));
    }
}
