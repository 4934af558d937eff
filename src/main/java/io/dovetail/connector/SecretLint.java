package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Pointers;
import java.util.regex.Pattern;

/** A configuration is kept in a repository and says where secrets are, never what they are. */
final class SecretLint {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern VALUE = Pattern.compile("whsec_|-----BEGIN|(?i)\\b(bearer|basic) [a-z0-9+/=_-]{8,}");

    private SecretLint() {}

    static void check(YamlTree yaml, Problems found) {
        walk(yaml, yaml.root(), "", found);
    }

    // never repeats the value: what is told here ends in logs
    private static void walk(YamlTree yaml, JsonNode node, String pointer, Problems found) {
        if (pointer.endsWith("/secret")) {
            if (!node.isTextual() || !NAME.matcher(node.asText()).matches()) {
                found.add(
                        yaml.place(pointer),
                        "secret is the name of a secret (small letters, digits, hyphens), never the secret itself");
            }
            return;
        }
        if (node.isTextual() && VALUE.matcher(node.asText()).find()) {
            found.add(yaml.place(pointer), "this looks like a secret: keep it in a file of the secrets directory");
        }
        node.properties().forEach(e -> walk(yaml, e.getValue(), pointer + Pointers.segment(e.getKey()), found));
        if (node.isArray()) {
            for (var i = 0; i < node.size(); i++) {
                walk(yaml, node.get(i), pointer + "/" + i, found);
            }
        }
    }
}
