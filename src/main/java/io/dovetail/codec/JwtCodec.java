package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The claims of a token in compact form (RFC 7519; RFC 8417 for security events), as strict as JSON. Who has signed it
 * was asked at the edge.
 */
public final class JwtCodec implements Codec {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+\\.([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]*");

    private final JsonCodec json = new JsonCodec();

    /** As of a list of lists for claims: nothing of them can be told before they are decoded. */
    @Override
    public long treeSize(byte[] raw) {
        return 40L * raw.length;
    }

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        var token = FORM.matcher(new String(raw, StandardCharsets.ISO_8859_1));
        if (!token.matches()) {
            throw new MalformedException("The body is no token: expected three parts in base64url with dots between.");
        }
        try {
            return json.read(Base64.getUrlDecoder().decode(token.group(1)));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("The token's claims are not written in base64url.");
        } catch (MalformedException e) {
            throw new MalformedException("In the token's claims: " + e.getMessage());
        }
    }

    /** Nobody counts lines in a token. */
    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        return OptionalInt.empty();
    }
}
