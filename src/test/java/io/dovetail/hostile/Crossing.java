package io.dovetail.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.CannotSignException;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Signed;
import io.dovetail.harness.Partner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Every credential at every door that it is not for, and every sender in the place of another. */
final class Crossing {

    /** What the API can be asked, all of it. */
    private record Operation(String method, String target) {

        static List<Operation> all() {
            try (var description = Crossing.class.getResourceAsStream("/io/dovetail/operate/openapi.json")) {
                var operations = new ArrayList<Operation>();
                for (var path :
                        new ObjectMapper().readTree(description).path("paths").properties()) {
                    for (var method : path.getValue().properties()) {
                        operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT),
                                path.getKey().replaceAll("\\{seq}", "1").replaceAll("\\{[a-z]+}", NOBODYS)));
                    }
                }
                return operations;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final String NOBODYS = "00000000-0000-0000-0000-000000000000";

    private final List<Operation> operations = Operation.all();
    private final HubUnderFire hub;
    private final HttpDoor door;
    private final Numbers numbers;
    private final List<Surprise> surprises = new ArrayList<>();
    private int refused;

    Crossing(HubUnderFire hub, HttpDoor door, Numbers numbers) {
        this.hub = hub;
        this.door = door;
        this.numbers = numbers;
    }

    int refused() {
        return refused;
    }

    List<Surprise> surprises() {
        return surprises;
    }

    private record Holder(Connector connector, String sender, String secret) {

        @Override
        public String toString() {
            return connector.name() + "/" + sender;
        }
    }

    private List<Holder> holders() {
        return hub.connectors().values().stream()
                .filter(connector ->
                        connector.webhook().verify().parts().getFirst().secret() != null)
                .flatMap(connector -> HubUnderFire.senders().stream()
                        .map(sender -> new Holder(
                                connector, sender, hub.address().key(Partner.secretName(connector, sender)))))
                .toList();
    }

    /** What proves one system must not prove another. */
    void credentialsAtOtherDoors() {
        for (var holder : holders()) {
            for (var other : hub.connectors().values()) {
                if (!other.name().equals(holder.connector.name())) {
                    cross(holder, other);
                }
            }
        }
    }

    private void cross(Holder holder, Connector other) {
        var theirs = sound(other);
        var own = sound(holder.connector);
        // its own way of proving, for what the other takes; and for what it would send at home
        refuses(holder + " proves at " + other.name(), theirs, signed(holder.connector, theirs, holder.secret));
        refuses(
                holder + " sends its own to " + other.name(),
                new Delivery(other.name(), own.media(), own.id(), own.body()),
                signed(holder.connector, own, holder.secret));
        // the other's way, with its own secret
        refuses(holder + "'s secret at " + other.name(), theirs, signed(other, theirs, holder.secret));
        // as whatever header might be looked at
        refuses(
                holder + "'s secret bare at " + other.name(),
                theirs,
                new Signed(
                        Map.of(
                                "Authorization",
                                "Bearer " + holder.secret,
                                "X-Api-Key",
                                holder.secret,
                                "X-Hub-Signature",
                                holder.secret,
                                "webhook-signature",
                                holder.secret),
                        "/" + URLEncoder.encode(holder.secret, UTF_8),
                        theirs.body()));
    }

    /** The hub's own passwords prove nobody at a door, and a sender's secret opens nothing but its door. */
    void credentialsOfOtherKinds() {
        var names = new ArrayList<>(List.of("hub.admin", "bus.workflow"));
        hub.connectors().keySet().forEach(connector -> names.add(connector + ".amqp"));
        for (var name : names) {
            for (var connector : hub.connectors().values()) {
                var delivery = sound(connector);
                refuses(
                        name + " at " + connector.name(),
                        delivery,
                        signed(connector, delivery, hub.address().secret(name)));
                refuses(
                        name + " in person at " + connector.name(),
                        delivery,
                        new Signed(
                                Map.of(
                                        "Authorization",
                                        basic("admin:" + hub.address().secret(name))),
                                "",
                                delivery.body()));
            }
        }
        for (var operation : operations) {
            shutsOut("nobody", hub.address().port(), operation.method, operation.target, "");
        }
        for (var holder : holders()) {
            for (var user : List.of("admin", holder.sender, holder.connector.name(), "workflow")) {
                for (var password : List.of(holder.secret, holder.secret.substring(holder.secret.indexOf(':') + 1))) {
                    shutsOut(holder, hub.address().port(), "GET", "/api/books", basic(user + ":" + password));
                }
            }
            for (var said : List.of(basic("admin:" + holder.secret), "Bearer " + holder.secret)) {
                for (var operation : operations) {
                    shutsOut(holder, hub.address().port(), operation.method, operation.target, said);
                }
                for (var target : List.of("/actuator", "/actuator/prometheus", "/actuator/env")) {
                    shutsOut(holder, hub.address().managementPort(), "GET", target, said);
                }
            }
        }
    }

    private void shutsOut(Object who, int port, String method, String target, String authorization) {
        // as a header can hold it: a private key in JSON is no such thing, and would be refused for another reason
        var said = authorization.replaceAll("[^ -~]", "");
        var headers = said.isEmpty() ? Map.<String, String>of() : Map.of("Authorization", said);
        var status = HttpDoor.status(port, method, target, headers);
        if (status == 401 || status == 429) {
            refused++;
        } else {
            surprises.add(new Surprise(who + " at " + method + " " + target, "it answers " + status));
        }
    }

    /** Whose secret it is decides, and nothing that a delivery says of itself. */
    void sendersInTheNameOfOthers() {
        for (var holder : holders()) {
            for (var other : HubUnderFire.senders()) {
                var claims = sound(holder.connector);
                for (var name : List.of(
                        "X-Sender",
                        "X-Partner",
                        "X-Tenant",
                        "From",
                        "CamelSender",
                        "sender",
                        "X-Forwarded-User",
                        "_AMQ_VALIDATED_USER",
                        "JMSXUserID")) {
                    claims = claims.with(name, other);
                }
                var reply = door.deliver(claims, signed(holder.connector, claims, holder.secret));
                if (!(reply instanceof Reply.Taken t)) {
                    surprises.add(new Surprise(holder + " as " + other, "it is not taken: " + reply));
                } else if (!hub.delivery(t.id()).path("sender").asText().equals(holder.sender)) {
                    surprises.add(new Surprise(holder + " as " + other, "it counts as " + hub.delivery(t.id())));
                }
            }
        }
    }

    private Delivery sound(Connector connector) {
        return Stream.concat(Template.all().stream(), Template.ofOtherProofs().stream())
                .filter(template -> template.connector().equals(connector.name()))
                .findFirst()
                .orElseThrow()
                .sound(numbers.next());
    }

    private void refuses(String name, Delivery delivery, Signed proof) {
        var reply = door.deliver(delivery, proof);
        if (reply instanceof Reply.Refused r && unproved(delivery, proof).contains(r.how())) {
            refused++;
        } else {
            surprises.add(new Surprise(name, "it is not refused as unproved: " + reply));
        }
    }

    /** How a connector refuses what is not proved. */
    private static List<String> unproved(Delivery delivery, Signed proof) {
        if (!proof.tail().isEmpty()) {
            // there is no such address where none is the proof, and one with a coded slash nowhere
            return List.of("400", "401", "404");
        }
        return switch (delivery.connector()) {
            // a proof in the body is not looked for where the body is none
            case "moodle" -> List.of("400", "401", "415");
            case "shared-signals" -> List.of("400", "415"); // as RFC 8935 has it
            default -> List.of("401");
        };
    }

    private static Signed signed(Connector connector, Delivery delivery, String secret) {
        try {
            var outgoing = new Outgoing(delivery.id(), Instant.now(), delivery.body());
            return Signed.of(connector.webhook().verify(), List.of(secret), outgoing);
        } catch (CannotSignException | IllegalArgumentException e) {
            return HttpDoor.unsigned(delivery); // it is no key of that scheme at all
        }
    }

    private static String basic(String credentials) {
        return "Basic " + java.util.Base64.getEncoder().encodeToString(Template.bytes(credentials));
    }
}
