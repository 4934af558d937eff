package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Several schemes at once, for what none of them proves alone; whoever fits all of them is the sender. */
record All(List<Scheme> parts) implements Verify {

    static final String NAME = "all";

    private static final String OF = "of";

    All {
        var secrets = new HashSet<String>();
        for (var i = 0; i < parts.size(); i++) {
            var secret = parts.get(i).secret();
            if (secret != null && !secrets.add(secret)) {
                throw new UnsoundException(
                        OF + "/" + i + "/secret",
                        "two of them have the secret " + secret + ": give each a name, and so a file, of its own");
            }
        }
    }

    static All read(JsonNode verify) {
        var parts = new ArrayList<Scheme>();
        for (var part : verify.path(OF)) {
            var scheme = part.path("scheme").asText();
            if (scheme.equals(NAME) || scheme.equals("none")) {
                throw new UnsoundException(
                        OF + "/" + parts.size() + "/scheme", scheme + " is no proof that can stand beside others");
            }
            try {
                parts.add(Scheme.read(part));
            } catch (UnsoundException e) {
                throw new UnsoundException(OF + "/" + parts.size() + "/" + e.property(), e.getMessage());
            }
        }
        return new All(List.copyOf(parts));
    }

    @Override
    public String scheme() {
        return NAME;
    }

    @Override
    public boolean isOnEnvelope() {
        return parts.stream().allMatch(Verify::isOnEnvelope);
    }

    @Override
    public boolean wantsCertificate() {
        return parts.stream().anyMatch(Verify::wantsCertificate);
    }

    @Override
    public boolean isInAddress() {
        return parts.stream().anyMatch(Verify::isInAddress);
    }

    @Override
    public boolean covers(String header) {
        return parts.stream().anyMatch(part -> part.covers(header));
    }

    @Override
    public String words() {
        return parts.stream().map(Verify::words).collect(Collectors.joining(", and "));
    }
}
