package io.dovetail.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What docs/connectors.md shows of whole webhooks, so that what is tested is what people copy. */
public final class VendorExamples {

    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n# ([^\n]*)\n(webhook:\n.*?)```");

    private VendorExamples() {}

    /** {@code webhook:} and what is below it, by the comment above. */
    public static Map<String, String> all() {
        var examples = new TreeMap<String, String>();
        try {
            BLOCK.matcher(Files.readString(Path.of("docs/connectors.md")))
                    .results()
                    .forEach(block -> examples.put(block.group(1), block.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return examples;
    }

    /** The one whose comment begins so. */
    public static String of(String vendor) {
        return all().entrySet().stream()
                .filter(example -> example.getKey().startsWith(vendor))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }
}
