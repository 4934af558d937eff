package io.dovetail.connector.verify;

import java.util.List;

/** What a file of the secrets directory holds. */
public final class SecretFile {

    private SecretFile() {}

    /** One secret a line, so that an old and a new one live side by side; or one JSON document, as a JWKS is, or one PEM. */
    public static List<String> secrets(String text) {
        var whole = text.strip();
        return whole.startsWith("{") && whole.endsWith("}")
                        || whole.startsWith("-----BEGIN ") && whole.endsWith("-----")
                ? List.of(whole)
                : whole.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }
}
