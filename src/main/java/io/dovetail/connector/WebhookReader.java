package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code intake.webhook} once it has proved valid. */
final class WebhookReader {

    static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})(B|KiB|MiB)?");

    private WebhookReader() {}

    static Webhook read(JsonNode webhook, Set<String> media) {
        var deliveryId = webhook.path("deliveryId");
        return new Webhook(
                verify(webhook.path("verify")),
                deliveryId.has("header") ? deliveryId.path("header").asText() : null,
                deliveryId.path("signed").asBoolean(false),
                media,
                (int) bytes(webhook.path("maxBytes").asText("1MiB")),
                limits(webhook.path("limits")));
    }

    private static Limits limits(JsonNode limits) {
        var perSecond = limits.path("perSecond").asInt(0);
        return new Limits(
                perSecond,
                limits.path("burst").asInt(perSecond),
                limits.path("concurrent").asInt(0));
    }

    private static Verify verify(JsonNode verify) {
        var secret = verify.path("secret").asText();
        var scheme = verify.path("scheme").asText();
        return switch (scheme) {
            case "hmac-sha256" ->
                new Verify.HmacSha256(
                        verify.path("header").asText(),
                        verify.path("prefix").asText(""),
                        verify.path("encoding").asText("hex").toLowerCase(Locale.ROOT),
                        secret);
            case "basic" -> new Verify.Basic(secret);
            case "standard-webhooks" -> new Verify.StandardWebhooks(secret);
            default -> throw new IllegalStateException("the schema lets no scheme " + scheme + " through");
        };
    }

    /** -1 for what is no size. */
    static long bytes(String text) {
        var size = SIZE.matcher(text);
        if (!size.matches()) {
            return -1;
        }
        var number = Long.parseLong(size.group(1));
        return switch (String.valueOf(size.group(2))) {
            case "KiB" -> number * 1024;
            case "MiB" -> number * 1024 * 1024;
            default -> number;
        };
    }

    /** What a schema cannot say. */
    static void check(YamlTree yaml, Problems found) {
        var webhook = yaml.root().path("intake").path("webhook");
        var at = "/intake/webhook";
        var maxBytes = webhook.path("maxBytes");
        if (maxBytes.isTextual() || maxBytes.isNumber()) {
            var bytes = bytes(maxBytes.asText());
            if (bytes < 1 || bytes > MAX_BYTES) {
                found.add(yaml.place(at + "/maxBytes"), "maxBytes is a size as 1MiB or 512KiB, at most 16MiB");
            }
        }
        var header = webhook.path("deliveryId").path("header").asText("");
        if (webhook.path("deliveryId").path("signed").asBoolean(false)) {
            var scheme = webhook.path("verify").path("scheme").asText();
            if (scheme.equals("hmac-sha256")) {
                found.add(
                        yaml.place(at + "/deliveryId/signed"),
                        "hmac-sha256 covers the body alone: a header is not signed, say signed: false");
            } else if (scheme.equals("standard-webhooks") && !header.equalsIgnoreCase("webhook-id")) {
                found.add(
                        yaml.place(at + "/deliveryId/signed"),
                        "standard-webhooks signs the header webhook-id and no other");
            }
        }
    }
}
