package io.dovetail.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the samples of a connector's folder. */
public final class Samples {

    /** When samples are taken as accepted. */
    public static final Instant ACCEPTED_AT = Instant.parse("2026-01-01T00:00:00Z");

    /** The line of {@code headers} that says whose secret proved the delivery. */
    private static final String SENDER = "x-sample-sender";

    private static final Set<String> DELIVERIES =
            Set.of("delivery.edi", "delivery.json", "delivery.jwt", "delivery.xml");
    private static final Set<String> OTHERS = Set.of("headers", "answers.json");
    private static final Set<String> EXPECTATIONS = Set.of("events.json", "refused.txt", "parked.txt");

    private Samples() {}

    /**
     * All cases under {@code samples/}, by name; those that cannot be read are problems, placed below
     * {@code connectors/}.
     */
    public static List<Sample> of(Path connectorDir, Problems problems) {
        var folder = connectorDir.resolve("samples");
        var samples = new ArrayList<Sample>();
        if (!Files.isDirectory(folder)) {
            return samples;
        }
        try (var cases = Files.list(folder)) {
            for (var dir : cases.filter(Files::isDirectory).sorted().toList()) {
                var sample = read(connectorDir, dir, problems);
                if (sample != null) {
                    samples.add(sample);
                }
            }
        } catch (IOException e) {
            problems.add(place(connectorDir, folder), "cannot be read: " + e.getMessage());
        }
        return samples;
    }

    private static String place(Path connectorDir, Path file) {
        return "connectors/" + connectorDir.getFileName() + "/"
                + connectorDir.relativize(file).toString().replace('\\', '/');
    }

    private static @Nullable Sample read(Path connectorDir, Path dir, Problems problems) throws IOException {
        var place = place(connectorDir, dir);
        List<String> names;
        try (var files = Files.list(dir)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
        names.stream()
                .filter(name -> !DELIVERIES.contains(name) && !EXPECTATIONS.contains(name) && !OTHERS.contains(name))
                .forEach(name -> problems.add(place + "/" + name, "a sample has no such file"));
        var delivery = only(DELIVERIES, names, place, problems);
        var expectation = only(EXPECTATIONS, names, place, problems);
        if (delivery == null || expectation == null) {
            return null;
        }
        var headers = names.contains("headers") ? headers(dir, place, problems) : new TreeMap<String, String>();
        var sender = headers.remove(SENDER);
        var answers = names.contains("answers.json")
                ? new AnswersReader(place + "/answers.json", Files.readAllBytes(dir.resolve("answers.json")), problems)
                        .read()
                : List.<SampleAnswer>of();
        var expected = expectation(dir.resolve(expectation), place + "/" + expectation, problems);
        return expected == null
                ? null
                : new Sample(
                        dir.getFileName().toString(),
                        dir,
                        delivery,
                        Files.readAllBytes(dir.resolve(delivery)),
                        headers,
                        sender == null ? "default" : sender,
                        answers,
                        expected);
    }

    private static @Nullable String only(Set<String> wanted, List<String> names, String place, Problems problems) {
        var found = names.stream().filter(wanted::contains).toList();
        if (found.size() != 1) {
            problems.add(
                    place,
                    "a sample needs exactly one of "
                            + String.join(", ", wanted.stream().sorted().toList()));
            return null;
        }
        return found.getFirst();
    }

    private static Map<String, String> headers(Path dir, String place, Problems problems) throws IOException {
        var headers = new TreeMap<String, String>();
        var lines = Files.readAllLines(dir.resolve("headers"));
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            } else if (!line.isBlank()) {
                problems.add(place + "/headers:" + (i + 1), "a header line is 'Name: value'");
            }
        }
        return headers;
    }

    private static @Nullable Expectation expectation(Path file, String place, Problems problems) throws IOException {
        var raw = Files.readAllBytes(file);
        if (file.endsWith("events.json")) {
            return new ExpectedReader(place, raw, problems).read();
        }
        var pieces = new String(raw, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (pieces.isEmpty()) {
            problems.add(place, "the file is empty: write a piece of the reason on each line");
            return null;
        }
        return file.endsWith("refused.txt") ? new Expectation.Refused(pieces) : new Expectation.Parked(pieces);
    }
}
