package io.dovetail.hostile;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Proofs of origin that are none: each is "no", in the same words, and never a fault. */
record Proofs(Words words, Numbers numbers) {

    private static final Pattern TAIL = Pattern.compile("(/in/[^/?]+/)(.+)");
    private static final Pattern FIELD = Pattern.compile("(\"token\"\\s*:\\s*)\"([^\"]*)\"");

    private record Spoiling(String name, UnaryOperator<String> change) {}

    List<Attack> attacks() {
        var spoilings = new ArrayList<Spoiling>();
        spoilings.add(new Spoiling("empty", value -> ""));
        spoilings.add(new Spoiling("blank", value -> " "));
        spoilings.add(new Spoiling("cut", value -> value.substring(0, value.length() / 2)));
        spoilings.add(new Spoiling("last bytes cut", value -> value.substring(0, Math.max(0, value.length() - 6))));
        spoilings.add(new Spoiling("its scheme alone", value -> value.replaceAll("(?<=[ =,]).*", "")));
        spoilings.add(new Spoiling("without its scheme", value -> value.replaceAll("^[^ =,]*[ =,]", "")));
        spoilings.add(new Spoiling("scheme twice", value -> value.replaceAll("^([^ =,]*[ =,])", "$1$1")));
        spoilings.add(new Spoiling("in brackets", value -> "<" + value + ">"));
        spoilings.add(new Spoiling("in quotes", value -> "\"" + value + "\""));
        spoilings.add(new Spoiling("behind x", value -> "x" + value));
        spoilings.add(new Spoiling(
                "backwards", value -> new StringBuilder(value).reverse().toString()));
        spoilings.add(new Spoiling("very long", value -> "a".repeat(6_000)));
        spoilings.add(new Spoiling("very long and empty", value -> ",".repeat(6_000)));
        spoilings.add(new Spoiling("many schemes", value -> "v1, ".repeat(1_500)));
        spoilings.add(new Spoiling("digits", value -> "9".repeat(400)));
        spoilings.add(new Spoiling("a negative number", value -> "-1"));
        spoilings.add(new Spoiling("the largest number", value -> Long.toString(Long.MAX_VALUE)));
        spoilings.add(new Spoiling("a time", value -> "2026-03-09T10:00:00Z"));
        spoilings.add(new Spoiling(
                "a token without a signature",
                value -> "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0."));
        spoilings.add(new Spoiling("colons", value -> "Basic Ojo6Og=="));
        spoilings.add(new Spoiling("an empty digest", value -> "sha256="));
        for (var text : words.all()) {
            spoilings.add(new Spoiling(text, value -> text.isBlank() ? "" : text));
        }
        var all = new ArrayList<Attack>();
        for (var template : Template.ofOtherProofs()) {
            for (var spoiling : spoilings) {
                all.add(attack(template, spoiling.name, sound -> changed(sound, spoiling.change)));
            }
        }
        var forgeries = ForgedTokens.all(words);
        for (var template : Template.ofTokens()) {
            forgeries.forEach((name, change) -> all.add(attack(template, name, sound -> changed(sound, change))));
        }
        for (var template : List.of(
                Template.all().get(0), Template.all().get(3), Template.all().get(6))) {
            for (var spoiling : spoilings) {
                all.add(attack(template, spoiling.name, sound -> changed(sound, spoiling.change)));
            }
            all.add(attack(template, "each header twice", sound -> {
                var headers = new ArrayList<>(sound.headers());
                headers.addAll(proof(sound));
                return sound.withHeaders(headers);
            }));
            all.add(attack(template, "each header missing", sound -> {
                var headers = new ArrayList<>(sound.headers());
                headers.removeAll(proof(sound));
                return sound.withHeaders(headers);
            }));
            all.add(attack(template, "as parameters", sound -> {
                var headers = new ArrayList<>(sound.headers());
                headers.removeAll(proof(sound));
                return sound.withHeaders(headers).withTarget(sound.target() + "?access_token=x&Authorization=x");
            }));
        }
        return all;
    }

    private Attack attack(Template template, String name, UnaryOperator<HttpForm.Sound> change) {
        var number = numbers.next();
        return Attack.of(
                "proof",
                template.connector() + " " + name,
                Ending.REFUSAL,
                () -> template.sound(number).bent(HttpForm.of(change)));
    }

    private static List<Header> proof(HttpForm.Sound sound) {
        return sound.headers().stream().filter(HttpDoor::isProof).toList();
    }

    /** Each header that proves something; without one, what proves it in the address or in the body. */
    private static HttpForm.Sound changed(HttpForm.Sound sound, UnaryOperator<String> change) {
        var tail = TAIL.matcher(sound.target());
        if (!proof(sound).isEmpty()) {
            return sound.withHeaders(sound.headers().stream()
                    .map(header -> HttpDoor.isProof(header)
                            ? new Header(header.name(), other(header.value(), change))
                            : header)
                    .toList());
        }
        if (tail.matches()) {
            var other = URLEncoder.encode(other(tail.group(2), change), StandardCharsets.UTF_8);
            return sound.withTarget(tail.group(1) + other.replace("+", "%20"));
        }
        var body = new String(sound.body(), StandardCharsets.UTF_8);
        var other = FIELD.matcher(body).find()
                ? FIELD.matcher(body)
                        .replaceFirst(found ->
                                Matcher.quoteReplacement(found.group(1) + new TextNode(other(found.group(2), change))))
                : other(body, change);
        return new HttpForm.Sound(sound.target(), sound.headers(), Template.bytes(other));
    }

    /** What leaves a proof as it is would spoil nothing. */
    private static String other(String value, UnaryOperator<String> change) {
        var changed = change.apply(value);
        return changed.equals(value) ? value + "x" : changed;
    }
}
