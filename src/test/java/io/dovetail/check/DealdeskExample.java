package io.dovetail.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The connector that docs/connectors.md goes through, as its reader would copy it. */
public final class DealdeskExample {

    /** Where it asks. */
    public static final String CRM = "https://crm.example.com";

    private static final Pattern FILE = Pattern.compile(
            "(?s)`((?:connectors|routes|schemas)/[^`]*dealdesk[^`]*\\.[a-z]+)`(?:(?!```|`(?:connectors|routes|schemas)/).)*?\n```[a-z]*\n(.*?)```");

    private DealdeskExample() {}

    /** Path to content. */
    public static Map<String, String> files() {
        try {
            var files = new TreeMap<String, String>();
            FILE.matcher(Files.readString(Path.of("docs/connectors.md")))
                    .results()
                    .forEach(file -> files.put(file.group(1), file.group(2)));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param crm where it asks instead */
    public static Tree addTo(Tree tree, String crm) {
        files().forEach((path, content) -> tree.write(path, content.replace(CRM, crm)));
        return tree;
    }
}
