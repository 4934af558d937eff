package io.dovetail.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.net.URI;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What forgers do to a signed token (RFC 7515) that they have seen, beside what RFC 8725 warns of. */
final class ForgedTokens {

    private static final Pattern TOKEN = Pattern.compile("([\\w-]+)\\.([\\w-]+)\\.([\\w-]+)");

    private ForgedTokens() {}

    /** Changes of a text in which a token stands, by their names; the signature is never right afterwards. */
    static Map<String, UnaryOperator<String>> all(Words words) {
        var forgeries = new LinkedHashMap<String, UnaryOperator<String>>();
        for (var algorithm :
                new String[] {"none", "None", "nOnE", "", "HS256", "RS256", "PS512", "EdDSA", "es256", "A"}) {
            forgeries.put("its algorithm " + algorithm, header("{\"alg\":\"" + algorithm + "\"}"));
            forgeries.put(
                    "its algorithm " + algorithm + ", unsigned",
                    token -> header("{\"alg\":\"" + algorithm + "\"}")
                            .apply(token)
                            .replaceFirst("\\.[\\w-]+(?=[^.]*$)", "."));
        }
        for (var odd : new String[] {
            "",
            " ",
            "null",
            "[]",
            "\"ES256\"",
            "{}",
            "{\"alg\":null}",
            "{\"alg\":[\"ES256\"]}",
            "{\"alg\":{\"a\":1}}",
            "{\"alg\":\"ES256\",\"alg\":\"none\"}",
            "{\"alg\":\"ES256\",\"crit\":[\"exp\"],\"exp\":1}",
            "{\"alg\":\"ES256\",\"crit\":[]}",
            "{\"alg\":\"ES256\",\"b64\":false,\"crit\":[\"b64\"]}",
            "{\"alg\":\"ES256\",\"zip\":\"DEF\"}",
            "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
            "{\"alg\":\"ES256\",\"x5c\":[\"MIIB\"]}",
            "{\"alg\":\"ES256\",\"kid\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}",
            "{\"alg\":\"ES256\",\"kid\":\"" + "k".repeat(4_000) + "\"}"
        }) {
            forgeries.put("its header " + odd, header(odd));
        }
        forgeries.put("of a forger whose key it holds", ofAForger((header, key) -> header.jwk(key.toPublicJWK())));
        forgeries.put(
                "of a forger whose key it leads to",
                ofAForger((header, key) -> header.jwkURL(URI.create("http://127.0.0.1/keys"))));
        forgeries.put("of a forger who names no key", ofAForger((header, key) -> header));
        for (var text : words.all()) {
            var quoted = TextNode.valueOf(text);
            for (var field : new String[] {"kid", "jku", "x5u"}) {
                forgeries.put(
                        "its " + field + " " + text, header("{\"alg\":\"ES256\",\"" + field + "\":" + quoted + "}"));
            }
        }
        for (var odd : new String[] {
            "",
            "null",
            "[]",
            "{}",
            "1",
            "{\"exp\":99999999999}",
            "{\"exp\":1e400}",
            "{\"exp\":\"never\"}",
            "{\"aud\":{}}"
        }) {
            forgeries.put("its claims " + odd, part(2, odd));
        }
        // CVE-2022-21449: a signature of two zeros that fits everything
        forgeries.put("a signature of zeros", part(3, new byte[64]));
        forgeries.put("an empty signature in ASN.1", part(3, new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}));
        forgeries.put("a signature of one byte", part(3, new byte[1]));
        forgeries.put("a signature of the order", part(3, order()));
        forgeries.put("a signature of a long number", part(3, new byte[4_096]));
        forgeries.put("five parts", token -> token + ".AAAA.AAAA");
        forgeries.put("two parts", token -> token.replaceFirst("\\.[\\w-]+(?=[^.]*$)", ""));
        forgeries.put("many parts", token -> token + ".A".repeat(2_000));
        forgeries.put("padded", token -> token + "==");
        forgeries.put(
                "in JSON",
                token -> TOKEN.matcher(token)
                        .replaceFirst("{\"protected\":\"$1\",\"payload\":\"$2\",\"signature\":\"$3\"}"));
        return Collections.unmodifiableMap(forgeries);
    }

    /** The same claims, well signed by a key that nobody here has let in. */
    private static UnaryOperator<String> ofAForger(BiFunction<JWSHeader.Builder, ECKey, JWSHeader.Builder> header) {
        return text -> TOKEN.matcher(text).replaceFirst(token -> {
            try {
                var key = new ECKeyGenerator(Curve.P_256).generate();
                var forged = new JWSObject(
                        header.apply(new JWSHeader.Builder(JWSAlgorithm.ES256), key)
                                .build(),
                        new Payload(new Base64URL(token.group(2))));
                forged.sign(new ECDSASigner(key));
                return forged.serialize();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Of P-256, twice: r = s = n, which is zero once more. */
    private static byte[] order() {
        var n = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).toByteArray();
        var both = new byte[64];
        System.arraycopy(n, n.length - 32, both, 0, 32);
        System.arraycopy(n, n.length - 32, both, 32, 32);
        return both;
    }

    private static UnaryOperator<String> header(String json) {
        return part(1, json);
    }

    private static UnaryOperator<String> part(int number, String json) {
        return part(number, json.getBytes(UTF_8));
    }

    private static UnaryOperator<String> part(int number, byte[] content) {
        var coded = Base64.getUrlEncoder().withoutPadding().encodeToString(content);
        return text -> TOKEN.matcher(text)
                .replaceFirst(token -> Matcher.quoteReplacement((number == 1 ? coded : token.group(1))
                        + "." + (number == 2 ? coded : token.group(2))
                        + "." + (number == 3 ? coded : token.group(3))));
    }
}
