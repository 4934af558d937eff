package io.dovetail.scaffold;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** The texts of a connector's folder. */
record Folder(String name, String title, Specimens specimens, List<Scaffold.Rule> rules, Proof proof) {

    String place(String file) {
        return "connectors/" + name + "/" + file;
    }

    String yaml() {
        var words = new ArrayList<String>();
        rules.forEach(rule -> {
            words.addAll(rule.kind().words());
            words.addAll(rule.identity().object().words());
        });
        var text = new StringBuilder("# Proposed from samples; whoever knows the system reads it once.\n");
        text.append("connector: ").append(name).append('\n');
        text.append("title: ").append(title).append('\n');
        text.append("kind: ")
                .append(Vocabulary.kind(words))
                .append("   # erp, crm, plm, lms, identity, ticketing, edi, partner\n");
        text.append("intake:\n  webhook:\n");
        text.append("    # How a sender proves who it is: ")
                .append(proof.told())
                .append(".\n");
        text.append("    verify: ").append(proof.verify()).append('\n');
        if (proof.deliveryId() != null) {
            text.append("    deliveryId: ").append(proof.deliveryId()).append('\n');
        }
        text.append("    media: [").append(String.join(", ", proof.media())).append("]\n");
        if (!specimens.repeated().isEmpty()) {
            text.append("xml: { repeated: [")
                    .append(specimens.repeated().stream().map(Names::yaml).collect(Collectors.joining(", ")))
                    .append("] }\n");
        }
        text.append("split: ")
                .append((specimens.split().startsWith("[") ? "'[]'" : specimens.split()))
                .append('\n');
        text.append("events:\n");
        rules.forEach(rule -> text.append(rule(rule)).append('\n'));
        return text.append("otherwise: park\n").toString();
    }

    private String rule(Scaffold.Rule rule) {
        var identity = rule.identity();
        var id = identity.objectId();
        var text = new StringBuilder();
        text.append("  - when: ").append(Names.yaml(rule.kind().when())).append('\n');
        text.append("    contract: ")
                .append(name)
                .append('/')
                .append(rule.slug())
                .append(".v1\n");
        text.append("    mapping: mappings/").append(rule.slug()).append(".jslt\n");
        text.append("    emits: ").append(rule.mapping().type()).append('\n');
        text.append("    # ").append(identity.told()).append('\n');
        text.append("    id: ").append(Names.yaml(identity.id())).append('\n');
        if (id != null) {
            text.append("    orderBy: ").append(Names.yaml(id.jslt())).append('\n');
        }
        if (!identity.keys().isEmpty()) {
            text.append("    keys: { ")
                    .append(identity.keys().entrySet().stream()
                            .map(key -> key.getKey() + ": "
                                    + Names.yaml(key.getValue().jslt()))
                            .collect(Collectors.joining(", ")))
                    .append(" }\n");
        }
        return text.toString();
    }

    String readme() {
        var table = new LinkedHashSet<String>();
        rules.forEach(rule -> table.add("| "
                + (rule.kind().label().isEmpty()
                        ? "every event"
                        : "`" + rule.kind().label() + "`") + " | `"
                + rule.mapping().type() + "` |\n"));
        var secret = proof.verify().contains("secret: basic") ? "basic" : "webhook";
        return """
                # ${title}

                | ${title} says | Dovetail says |
                |---|---|
                ${table}| anything else | parked |

                ## Set up the other side
                1. Write the secret `${name}.${secret}`, a file of that name in the secrets directory (the hub makes one up
                   when it starts and there is none): ${does}.
                2. Let ${title} send its webhooks to `https://<hub>/in/${name}`.

                `./hub send ${name} ${case}` sends a sample to a running hub, proved like this.
                """.replace("${table}", String.join("", table))
                .replace("${does}", proof.does())
                .replace("${secret}", secret)
                .replace("${case}", caseOf(specimens.list().getFirst(), List.of()))
                .replace("${name}", name)
                .replace("${title}", title);
    }

    /** A name for a sample's case that no other has. */
    String caseOf(Specimen specimen, List<String> taken) {
        var stem = specimen.stem().isEmpty() ? "sample" : specimen.stem();
        var free = stem;
        for (var i = 2; taken.contains(free); i++) {
            free = stem + "-" + i;
        }
        return free;
    }
}
