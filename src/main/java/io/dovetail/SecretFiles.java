package io.dovetail;

import io.dovetail.camel.SecretNames;
import io.dovetail.connector.Amqp;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.Invented;
import io.dovetail.connector.verify.SecretFile;
import io.dovetail.intake.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The secrets a hub needs: made up where nobody depends on them yet, demanded where somebody does. */
final class SecretFiles {

    /** Beside a secret that only proves: what {@code hub send} signs with. */
    private static final String PRIVATE = ".private";

    private final Path directory;

    SecretFiles(Path directory) {
        this.directory = directory;
    }

    /** The names of the secrets that a hub would need and nobody has written. */
    Set<String> missing(Configuration configuration, HubSettings settings) {
        var missing = new LinkedHashSet<>(wanted(configuration, settings).keySet());
        missing.addAll(missingOfOthers(configuration));
        return missing;
    }

    /** Those by which the hub proves itself to other systems, which no hub can make up. */
    Set<String> missingOfOthers(Configuration configuration) {
        return missing(SecretNames.in(configuration.files()));
    }

    /** Those of them that nobody has written. */
    Set<String> missing(Set<String> names) {
        var missing = new TreeSet<>(names);
        missing.removeIf(name -> Files.exists(directory.resolve(name)));
        return missing;
    }

    /**
     * What the hub shows another system: the file's first line, or all of a key, as it is now.
     *
     * @throws IOException when there is none, naming it
     */
    String toShow(String name) throws IOException {
        try {
            var secrets = SecretFile.secrets(Files.readString(directory.resolve(name)));
            if (!secrets.isEmpty()) {
                return secrets.getFirst();
            }
        } catch (IOException e) {
            throw new IOException(
                    "the secret " + name + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
        throw new IOException("the secret " + name + " is empty");
    }

    /** Makes up what is missing. */
    void makeUpMissing(Configuration configuration, HubSettings settings) {
        wanted(configuration, settings).forEach((name, value) -> {
            var made = value.get();
            create(name, made.secret());
            if (made.privateKey() != null) {
                create(name + PRIVATE, made.privateKey());
            }
        });
    }

    /** As it was given, or as many as stand here. */
    List<String> adminPasswords(HubSettings settings) {
        return settings.adminPassword().isEmpty() ? read("hub.admin") : List.of(settings.adminPassword());
    }

    /** The passwords of consumers and senders, by the names of their secrets; as many of each as are valid. */
    Map<String, Set<String>> passwords(Configuration configuration, HubSettings settings) {
        var passwords = new TreeMap<String, Set<String>>();
        for (var consumer : settings.consumers()) {
            if (missing(Set.of("bus." + consumer)).isEmpty()) {
                passwords.put("bus." + consumer, Set.copyOf(read("bus." + consumer)));
            }
        }
        var senders = new Secrets(directory, Clock.systemUTC());
        for (var connector : configuration.connectors().values()) {
            if (connector.amqp() != null) {
                add(passwords, senders, connector, Amqp.SECRET, secret -> secret);
            }
            for (var scheme : connector.webhook().verify().parts()) {
                if (scheme.secret() != null) {
                    add(passwords, senders, connector, scheme.secret(), scheme::password);
                }
            }
        }
        return passwords;
    }

    /**
     * Secrets that several senders of a connector have, a sentence each: whose delivery it is could not be told. Where a
     * sender proves itself in several ways at once, one of them may be everybody's.
     */
    List<String> sharedBySenders(Configuration configuration) {
        var problems = new ArrayList<String>();
        var senders = new Secrets(directory, Clock.systemUTC());
        for (var connector : configuration.connectors().values()) {
            var schemes = connector.webhook().verify().parts();
            var name = schemes.getFirst().secret();
            if (schemes.size() == 1 && name != null) {
                var files = new LinkedHashMap<String, Set<String>>();
                for (var credential : senders.of(connector.name(), name)) {
                    files.computeIfAbsent(credential.secret(), secret -> new TreeSet<>())
                            .add(file(connector, credential, name));
                }
                files.values().stream()
                        .filter(same -> same.size() > 1)
                        .forEach(same -> problems.add("These secrets are the same, and what one of their senders sends"
                                + " counts as another's: " + String.join(", ", same)
                                + ". Give each sender one of its own."));
            }
        }
        return problems;
    }

    private static String file(Connector connector, Secrets.Credential credential, String name) {
        var sender = credential.sender().equals(Secrets.DEFAULT_SENDER) ? "" : "." + credential.sender();
        return connector.name() + sender + "." + name;
    }

    private static void add(
            Map<String, Set<String>> passwords,
            Secrets senders,
            Connector connector,
            String name,
            Function<String, @Nullable String> passwordIn) {
        for (var credential : senders.of(connector.name(), name)) {
            var password = passwordIn.apply(credential.secret());
            if (password != null) {
                passwords
                        .computeIfAbsent(file(connector, credential, name), file -> new LinkedHashSet<>())
                        .add(password);
            }
        }
    }

    private Map<String, Supplier<Invented>> wanted(Configuration configuration, HubSettings settings) {
        var missing = new LinkedHashMap<String, Supplier<Invented>>();
        for (var connector : configuration.connectors().values()) {
            for (var scheme : connector.webhook().verify().parts()) {
                var secret = scheme.secret();
                if (secret != null && !exists(connector.name() + ".", "." + secret)) {
                    missing.put(connector.name() + "." + secret, () -> scheme.invent(connector.name()));
                }
            }
        }
        for (var connector : configuration.connectors().values()) {
            if (connector.amqp() != null && !exists(connector.name() + ".", "." + Amqp.SECRET)) {
                missing.put(connector.name() + "." + Amqp.SECRET, () -> new Invented(Invented.password(), null));
            }
        }
        for (var consumer : settings.consumers()) {
            addMissing(missing, "bus." + consumer);
        }
        if (settings.adminPassword().isEmpty()) {
            addMissing(missing, "hub.admin");
        }
        return missing;
    }

    /** Those of the hub's own that are there and let nobody in; told so that it can be said in one list. */
    Set<String> empty(HubSettings settings) {
        var names = new TreeSet<String>();
        settings.consumers().forEach(consumer -> names.add("bus." + consumer));
        if (settings.adminPassword().isEmpty()) {
            names.add("hub.admin");
        }
        names.removeIf(
                name -> !Files.exists(directory.resolve(name)) || !read(name).isEmpty());
        return names;
    }

    /** Refuses to begin with one of these. */
    void requireNoneEmpty(HubSettings settings) {
        var empty = empty(settings);
        if (!empty.isEmpty()) {
            throw new CannotStartException(sayEmpty(empty));
        }
    }

    String sayEmpty(Set<String> names) {
        return "These secrets in " + directory + " are empty: " + String.join(", ", names)
                + ". Put a long random text into each, as of: openssl rand -hex 24";
    }

    private List<String> read(String name) {
        try {
            return SecretFile.secrets(Files.readString(directory.resolve(name)));
        } catch (IOException e) {
            throw new CannotStartException("The secret " + directory.resolve(name) + " cannot be read: " + e);
        }
    }

    private void addMissing(Map<String, Supplier<Invented>> missing, String name) {
        if (!Files.exists(directory.resolve(name))) {
            missing.put(name, () -> new Invented(Invented.password(), null));
        }
    }

    private boolean exists(String prefix, String suffix) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.equals(prefix + suffix.substring(1))
                            || name.startsWith(prefix) && name.endsWith(suffix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void create(String name, String value) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var file = directory.resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, value + "\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new CannotStartException("The secret " + name + " cannot be written to " + directory + ": " + e);
        }
    }
}
