package io.dovetail.connector.verify;

import java.util.List;

/** What a file of the secrets directory holds. */
public final class SecretFile {

    private SecretFile() {}

    /**
     * One secret a line, so that an old and a new one live side by side; or one JSON document over several lines, as a
     * JWKS may be, or one PEM.
     */
    public static List<String> secrets(String text) {
        var whole = text.strip();
        var lines =
                whole.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        var isPem = whole.startsWith("-----BEGIN ") && whole.endsWith("-----");
        return isPem || isDocument(whole) && !lines.stream().allMatch(SecretFile::isDocument) ? List.of(whole) : lines;
    }

    private static boolean isDocument(String text) {
        return text.startsWith("{") && text.endsWith("}");
    }
}
