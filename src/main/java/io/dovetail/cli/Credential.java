package io.dovetail.cli;

import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sender signs with, from a directory with one file a secret; the first of a file's secrets counts.
 *
 * @param keys for each part of the connector's {@code verify}: the secret, or the private key that lies beside a public
 *     one as {@code <secret's file>.private}
 */
record Credential(String sender, List<String> keys) {

    static final String DEFAULT = "default";
    private static final String PRIVATE = ".private";

    /**
     * @param insist whether a person named this sender; otherwise the connector's only sender will do as well
     */
    static Credential find(Path directory, Connector connector, String sender, boolean insist) {
        var keys = new ArrayList<String>();
        for (var scheme : connector.webhook().verify().parts()) {
            var name = scheme.secret();
            if (name == null) {
                keys.add(scheme.keysAt() == null ? "" : privateKey(directory, connector));
                sender = DEFAULT;
                continue;
            }
            var part = find(directory, connector, name, sender, insist);
            keys.addAll(part.keys);
            // whoever has signed one part has to sign the others too
            sender = part.sender;
            insist = true;
        }
        return new Credential(sender, List.copyOf(keys));
    }

    /** @param name of the one secret */
    static Credential find(Path directory, Connector connector, String name, String sender, boolean insist) {
        var files = files(directory, connector.name() + ".", "." + name);
        var file = files.get(sender);
        if (file == null && !insist && files.size() == 1) {
            sender = files.keySet().iterator().next();
            file = files.get(sender);
        }
        if (file == null) {
            var missing = connector.name() + (sender.equals(DEFAULT) ? "" : "." + sender) + "." + name;
            throw new NotDoneException("there is no secret " + directory.resolve(missing)
                    + (files.isEmpty() ? "" : "; there are those of " + String.join(", ", files.keySet()))
                    + "; say where the hub's secrets are with --secrets or HUB_SECRETS, or name another --sender");
        }
        var privateKey = file.resolveSibling(file.getFileName() + PRIVATE);
        return new Credential(sender, List.of(read(Files.exists(privateKey) ? privateKey : file)));
    }

    /** Of keys that are published elsewhere: there is no file of theirs that it could lie beside. */
    private static String privateKey(Path directory, Connector connector) {
        var file = directory.resolve(connector.name() + ".jwks" + PRIVATE);
        if (Files.exists(file)) {
            return read(file);
        }
        throw new NotDoneException("the issuer of " + connector.name()
                + " signs with a key that it keeps: put one of its" + " private keys, as a JWK, into " + file);
    }

    private static String read(Path file) {
        try {
            return SecretFile.secrets(Files.readString(file)).stream()
                    .findFirst()
                    .orElseThrow(() -> new NotDoneException("the secret " + file + " is empty"));
        } catch (IOException e) {
            throw new NotDoneException("the secret " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static Map<String, Path> files(Path directory, String prefix, String suffix) {
        var found = new TreeMap<String, Path>();
        for (var file : list(directory)) {
            var name = file.getFileName().toString();
            if (name.equals(prefix + suffix.substring(1))) {
                found.put(DEFAULT, file);
            } else if (name.startsWith(prefix)
                    && name.endsWith(suffix)
                    && name.length() > prefix.length() + suffix.length()) {
                var sender = name.substring(prefix.length(), name.length() - suffix.length());
                if (!sender.contains(".")) {
                    found.put(sender, file);
                }
            }
        }
        return found;
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new NotDoneException(directory + " cannot be read: " + e.getMessage());
        }
    }
}
