package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A delivery with all by which a sender proves itself, but for a certificate while it connects.
 *
 * @param tail goes behind the connector's address: empty, or a slash and a secret
 */
public record Signed(Map<String, String> headers, String tail, byte[] body) {

    /**
     * @param keys for each part of {@code verify}, in its order: the secret, or the private key that belongs to it
     * @throws CannotSignException when one is no key to sign with
     */
    public static Signed of(Verify verify, List<String> keys, Outgoing delivery) {
        var body = delivery.body();
        for (var i = 0; i < keys.size(); i++) {
            body = verify.parts().get(i).fill(body, keys.get(i));
        }
        // over the body as it goes out
        var filled = new Outgoing(delivery.id(), delivery.at(), body);
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        var tail = "";
        for (var i = 0; i < keys.size(); i++) {
            var part = verify.parts().get(i);
            headers.putAll(part.sign(filled, keys.get(i)));
            if (part.isInAddress()) {
                tail = "/" + URLEncoder.encode(keys.get(i), UTF_8).replace("+", "%20");
            }
        }
        return new Signed(headers, tail, body);
    }

    /** As somebody would whose secrets nobody knows. */
    public static Signed wrongly(Verify verify, Outgoing delivery) {
        return of(
                verify,
                verify.parts().stream()
                        .map(part -> part.invent("nobody"))
                        .map(made -> made.privateKey() == null ? made.secret() : made.privateKey())
                        .toList(),
                delivery);
    }
}
