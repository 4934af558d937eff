package io.dovetail.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.counterpart.GraphDouble;
import io.dovetail.counterpart.OktaDouble;
import io.dovetail.counterpart.SetTransmitter;
import java.util.List;
import java.util.Map;

/** Where people come and go. What happens in them happens late in the century, and so after the hub has begun to ask. */
final class IdentityProviders implements AutoCloseable {

    private static final String LATE = "2099-01-01T00:00:00.000Z";

    private final OktaDouble okta = new OktaDouble();
    private final GraphDouble graph = new GraphDouble();
    private final SetTransmitter transmitter = new SetTransmitter();

    List<Neighbour> all() {
        return List.of(
                Neighbour.of("okta", "System Log", "poll")
                        .knownBy(Map.of("okta.host", okta.host(), "okta.token", OktaDouble.TOKEN))
                        .tells(2, outside -> {
                            okta.has(LATE, OktaDouble.event("u-771", "user.lifecycle.create", "00u77", LATE));
                            okta.has(LATE, OktaDouble.event("u-772", "user.lifecycle.suspend", "00u77", LATE));
                        }),
                Neighbour.of("entra", "Microsoft Graph", "poll, delta query")
                        .knownBy(GraphDouble.secrets())
                        .knownBy(Map.of("entra.hints.state", "hint-state"))
                        .at("entra-delta", graph.addresses())
                        .at("entra-subscribe", graph.addresses())
                        // by the second asking the first one is over, which only begins
                        .heardWhen(() -> graph.asked().stream()
                                        .filter(line -> line.contains("/users/delta"))
                                        .count()
                                > 1)
                        .tells(2, outside -> {
                            graph.has("users", """
                                    {"id":"entra77","createdDateTime":"2099-01-01T00:00:00Z","displayName":"Mia Lund"}""");
                            graph.has("users", "{\"id\":\"entra77\",\"@removed\":{\"reason\":\"changed\"}}");
                        })
                        .isToldTo(
                                "2 subscriptions made",
                                () -> graph.subscriptions().size() == 2),
                Neighbour.of("shared-signals", "transmitter of RFC 8936", "poll")
                        .knownBy(Map.of(
                                "shared-signals.stream",
                                transmitter.stream(),
                                "shared-signals.token",
                                SetTransmitter.TOKEN))
                        .tells(1, outside -> {
                            var claims = """
                                    {"iss": "https://idp.example.com", "aud": "https://hub.example.com/in/shared-signals",
                                     "iat": 1773216907, "jti": "signal-77", "sub_id": {"format": "opaque", "id": "mia77"},
                                     "events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked":
                                      {"event_timestamp": 1773216900}}}""";
                            var token = outside.signed("shared-signals", claims.getBytes(UTF_8));
                            transmitter.has("signal-77", new String(token, US_ASCII));
                        })
                        .isToldTo(
                                "token acknowledged",
                                () -> transmitter.acknowledged().contains("signal-77")));
    }

    @Override
    public void close() {
        okta.close();
        graph.close();
        transmitter.close();
    }
}
