package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys of tokens are: in files, or where their issuer publishes them; one of the two.
 *
 * @param secret the last part of the files' names
 * @param address of a JWKS (RFC 7517)
 */
record Keys(@Nullable String secret, @Nullable URI address) {

    static Keys read(JsonNode verify, Jws jws) {
        var published = verify.path("jwks").textValue();
        if (published == null) {
            return new Keys(verify.path("secret").asText(), null);
        }
        if (verify.has("secret")) {
            throw new UnsoundException(
                    "jwks",
                    "the keys are in a file, with secret, or where the issuer publishes them, with jwks: leave one out");
        }
        if (jws.isShared()) {
            throw new UnsoundException("jwks", "the key of HS256 is a secret, which nobody publishes: say secret");
        }
        return new Keys(null, address(published));
    }

    private static URI address(String text) {
        try {
            var uri = new URI(text);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new UnsoundException(
                "jwks", "jwks is an address as https://idp.example.com/keys, with nobody's name and no #");
    }
}
