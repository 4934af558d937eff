package io.dovetail.protocol.pubsub;

import io.dovetail.call.Credentials;
import io.dovetail.call.Request;
import io.dovetail.call.Statuses;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is subscribed to, and as whom.
 *
 * @param request the call's address, headers and client, with references to secrets in them
 * @param most how many events are asked for at a time
 * @param patience how long a page waits for the first of them
 * @param silence for how long a stream may say nothing, not even that there is nothing; then it is taken for dead
 */
public record Subscription(Request request, String topic, int most, Duration patience, Duration silence) {

    private static final String METHOD = "/eventbus.v1.PubSub/Subscribe";
    private static final Pattern ADDRESS = Pattern.compile("https://[^/?#@]+|http://127\\.0\\.0\\.1:\\d+");
    private static final Pattern TOPIC = Pattern.compile("(/[A-Za-z0-9_]{1,120}){1,4}");

    /** @throws IllegalArgumentException naming the parameter that is wrong and what it should be */
    public static Subscription of(Map<String, String> parameters) {
        var address = fitting(parameters, "address", ADDRESS, "https://api.pubsub.salesforce.com:7443");
        var client = new Credentials.Client(
                text(parameters, "oauth2ClientId"),
                text(parameters, "oauth2ClientSecret"),
                fitting(
                        parameters,
                        "oauth2TokenEndpoint",
                        Pattern.compile("(" + ADDRESS.pattern() + ")/.*"),
                        "https://example.my.salesforce.com/services/oauth2/token"),
                null);
        var headers = Map.of("instanceurl", text(parameters, "instance"), "tenantid", text(parameters, "tenant"));
        var call = address + METHOD;
        return new Subscription(
                new Request("SUBSCRIBE", call, call, headers, client, Statuses.of("200"), null),
                fitting(parameters, "topic", TOPIC, "/data/ChangeEvents"),
                most(parameters.getOrDefault("most", "100")),
                duration(parameters, "patience", "PT10S"),
                duration(parameters, "silence", "PT5M"));
    }

    private static String text(Map<String, String> parameters, String name) {
        var text = parameters.getOrDefault(name, "");
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    private static String fitting(Map<String, String> parameters, String name, Pattern form, String example) {
        var text = text(parameters, name);
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " is as " + example + ", not " + text);
        }
        return text;
    }

    private static int most(String text) {
        if (!text.matches("[1-9]\\d{0,2}")) {
            throw new IllegalArgumentException("most is a number from 1 to 999, not " + text);
        }
        return Integer.parseInt(text);
    }

    private static Duration duration(Map<String, String> parameters, String name, String preset) {
        var text = parameters.getOrDefault(name, preset);
        try {
            var duration = Duration.parse(text);
            if (duration.isPositive() && duration.compareTo(Duration.ofHours(1)) <= 0) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // said below, with what it should be
        }
        throw new IllegalArgumentException(name + " is a duration of an hour at most, as " + preset + ", not " + text);
    }
}
