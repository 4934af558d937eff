package io.dovetail.scaffold;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the sender proves who it is, as its headers look. No value of a header is ever written down: one may be a secret.
 *
 * @param verify what connector.yaml says of it
 * @param deliveryId the same, with the header that numbers deliveries; null where none does
 * @param media of the bodies
 * @param told how it was found
 * @param does what the other side has to be told to do, to be put behind "the text is"
 */
record Proof(String verify, @Nullable String deliveryId, Set<String> media, String told, String does) {

    private static final long MAX_BYTES = 64 * 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern MEDIA = Pattern.compile("(application|text)/[a-z0-9][a-z0-9.+-]*");
    private static final Pattern SIGNED = Pattern.compile("(?i).*(signature|hmac|digest|sign).*");
    private static final Pattern KEY = Pattern.compile("(?i).*(api-?key|token|secret).*");
    private static final Pattern NUMBERED = Pattern.compile(
            "(?i).*(delivery|webhook|event|message|notification|request)(-?(id|identifier|uuid|guid))?");

    private static final Proof DEFAULT = new Proof(
            "{ scheme: hmac-sha256, header: X-Signature, prefix: \"sha256=\", encoding: hex, secret: webhook }",
            "{ header: X-Delivery-Id, signed: false }",
            Set.of(),
            "no header tells; this is the commonest way",
            "the key of an HMAC-SHA256 over the body, which goes as hex into `X-Signature: sha256=…`");

    /** @param headers a file with a header a line; null: none */
    static Proof of(@Nullable Path headers, Specimens specimens) {
        var given = headers == null ? Map.<String, String>of() : read(headers);
        var media = media(given, specimens);
        var proof = scheme(given);
        return new Proof(proof.verify(), proof.deliveryId(), media, proof.told(), proof.does());
    }

    private static Map<String, String> read(Path file) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw new CannotScaffoldException(
                        Names.shown(file.toString()) + " is no file of headers of at most 64 KiB");
            }
            // latin 1 reads any bytes; what is no header's name is passed over
            for (var line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                var colon = line.indexOf(':');
                if (colon > 0 && NAME.matcher(line.substring(0, colon).strip()).matches()) {
                    headers.put(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                }
            }
        } catch (IOException e) {
            throw new CannotScaffoldException(file + " cannot be read: " + e);
        }
        if (headers.isEmpty()) {
            throw new CannotScaffoldException(file + " holds no header; write one a line as \"Name: value\"");
        }
        return headers;
    }

    private static Set<String> media(Map<String, String> headers, Specimens specimens) {
        var xml = specimens.xml();
        var media = new LinkedHashSet<String>();
        var plain = xml ? "application/xml" : "application/json";
        var given = headers.getOrDefault("Content-Type", "")
                .replaceFirst(";.*", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (MEDIA.matcher(given).matches() && given.contains(xml ? "xml" : "json")) {
            media.add(given);
        }
        if (specimens.events().stream().allMatch(event -> event.has("specversion"))) {
            media.add("application/cloudevents" + (specimens.split().equals("[]") ? "-batch" : "") + "+json");
        }
        media.add(plain);
        return media;
    }

    private static Proof scheme(Map<String, String> headers) {
        var id = deliveryId(headers);
        if (headers.keySet().containsAll(Set.of("webhook-id", "webhook-timestamp", "webhook-signature"))) {
            return new Proof(
                    "{ scheme: standard-webhooks, secret: webhook }",
                    "{ header: webhook-id, signed: true }",
                    Set.of(),
                    "Standard Webhooks, by its three headers",
                    "the signing secret, `whsec_…`, that it shows when the webhook is set up");
        }
        for (var header : headers.entrySet()) {
            var name = header.getKey();
            var value = header.getValue();
            if (SIGNED.matcher(name).matches() && !name.equalsIgnoreCase("webhook-signature")) {
                for (var algorithm : List.of("sha256", "sha512", "sha1")) {
                    var prefix = value.startsWith(algorithm + "=") ? algorithm + "=" : "";
                    var coded = value.substring(prefix.length());
                    var hex = coded.matches("[0-9a-fA-F]+") && coded.length() == 2 * length(algorithm);
                    var base64 =
                            coded.matches("[A-Za-z0-9+/]+={0,2}") && coded.length() == (length(algorithm) + 2) / 3 * 4;
                    if (hex || base64) {
                        return new Proof(
                                "{ scheme: hmac, header: " + name
                                        + (prefix.isEmpty() ? "" : ", prefix: \"" + prefix + "\"")
                                        + (hex ? "" : ", encoding: base64")
                                        + (algorithm.equals("sha256") ? "" : ", algorithm: " + algorithm)
                                        + ", secret: webhook }",
                                id,
                                Set.of(),
                                "a digest in " + name + "; whether it covers the body alone, no header tells",
                                "the key of its signature in `" + name + "`");
                    }
                }
            }
        }
        var authorization = headers.getOrDefault("Authorization", "");
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return new Proof(
                    "{ scheme: basic, secret: basic }",
                    id,
                    Set.of(),
                    "basic authentication",
                    "`user:password`, with which it logs in");
        }
        if (authorization.startsWith("Bearer ")
                && authorization.chars().filter(c -> c == '.').count() != 2) {
            return new Proof(
                    "{ scheme: token, header: Authorization, prefix: \"Bearer \", secret: webhook }",
                    id,
                    Set.of(),
                    "a bearer token",
                    "the token that it sends in `Authorization: Bearer …`");
        }
        for (var name : headers.keySet()) {
            if (KEY.matcher(name).matches()) {
                return new Proof(
                        "{ scheme: token, header: " + name + ", secret: webhook }",
                        id,
                        Set.of(),
                        "a secret in " + name,
                        "what it sends in `" + name + "`");
            }
        }
        return headers.isEmpty()
                ? DEFAULT
                : new Proof(
                        DEFAULT.verify(),
                        id,
                        Set.of(),
                        "none of the headers is a proof that is known here; this is the commonest way",
                        DEFAULT.does());
    }

    private static int length(String algorithm) {
        return switch (algorithm) {
            case "sha512" -> 64;
            case "sha1" -> 20;
            default -> 32;
        };
    }

    private static @Nullable String deliveryId(Map<String, String> headers) {
        return headers.entrySet().stream()
                .filter(header -> NUMBERED.matcher(header.getKey()).matches()
                        && header.getValue().matches("[A-Za-z0-9._:-]{8,128}")
                        && !header.getValue().matches("[a-z_.:-]+"))
                .map(header -> "{ header: " + header.getKey() + ", signed: false }")
                .findFirst()
                .orElse(null);
    }
}
