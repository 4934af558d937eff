package io.dovetail.cli;

import io.dovetail.connector.Connector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A sender's secret, from a directory with one file a secret; the first line counts. */
record Credential(String sender, String secret) {

    private static final String DEFAULT = "default";

    /**
     * @param insist whether a person named this sender; otherwise the connector's only sender will do as well
     */
    static Credential find(Path directory, Connector connector, String sender, boolean insist) {
        var files = files(
                directory,
                connector.name() + ".",
                "." + connector.webhook().verify().secret());
        var file = files.get(sender);
        if (file == null && !insist && files.size() == 1) {
            sender = files.keySet().iterator().next();
            file = files.get(sender);
        }
        if (file == null) {
            var name = connector.name() + (sender.equals(DEFAULT) ? "" : "." + sender) + "."
                    + connector.webhook().verify().secret();
            throw new NotDoneException("there is no secret " + directory.resolve(name)
                    + (files.isEmpty() ? "" : "; there are those of " + String.join(", ", files.keySet()))
                    + "; say where the hub's secrets are with --secrets or HUB_SECRETS, or name another --sender");
        }
        try {
            var secret = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst();
            var path = file;
            return new Credential(
                    sender, secret.orElseThrow(() -> new NotDoneException("the secret " + path + " is empty")));
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
