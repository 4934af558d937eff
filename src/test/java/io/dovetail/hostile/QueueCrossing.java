package io.dovetail.hostile;

import io.dovetail.connector.Connector;
import io.dovetail.harness.Partner;
import io.dovetail.relay.Addresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every password at the broker in the name of everybody else, and every user where another one sends or reads. */
final class QueueCrossing {

    private final HubUnderFire hub;
    private final AmqpDoor door;
    private final Numbers numbers;
    private final List<Surprise> surprises = new ArrayList<>();
    private int refused;

    QueueCrossing(HubUnderFire hub, AmqpDoor door, Numbers numbers) {
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

    /** Passwords of the broker's users. */
    private Map<String, String> users() {
        var users = new LinkedHashMap<String, String>();
        for (var connector : hub.connectors().values()) {
            for (var sender : HubUnderFire.senders()) {
                users.put(AmqpDoor.user(connector.name(), sender), password(connector, sender));
            }
        }
        return users;
    }

    private String password(Connector connector, String sender) {
        return hub.address().secret(AmqpDoor.user(connector.name(), sender).substring("in.".length()) + ".amqp");
    }

    void passwordsOfOthers() {
        var users = users();
        users.put("workflow", hub.address().secret("bus.workflow"));
        for (var user : users.keySet()) {
            users.forEach((owner, password) -> {
                if (!owner.equals(user)) {
                    refuses(user, password, address(user), "with the password of " + owner);
                }
            });
            refuses(user, hub.address().secret("hub.admin"), address(user), "with the administrator's password");
            refuses(user, "", address(user), "without a password");
        }
    }

    /** What proves a sender of webhooks is no password of its queue. */
    void secretsOfWebhooks() {
        for (var connector : hub.connectors().values()) {
            if (connector.webhook().verify().parts().getFirst().secret() != null) {
                for (var sender : HubUnderFire.senders()) {
                    var secret = hub.address().secret(Partner.secretName(connector, sender));
                    var user = AmqpDoor.user(connector.name(), sender);
                    refuses(user, secret, address(user), "with the secret of its webhook");
                    refuses(
                            user,
                            secret.substring(secret.indexOf(':') + 1),
                            address(user),
                            "with the password of its webhook");
                }
            }
        }
    }

    void addressesOfOthers() {
        users().forEach((user, password) -> {
            for (var address : users().keySet().stream()
                    .map(QueueCrossing::address)
                    .distinct()
                    .toList()) {
                if (!address.equals(address(user))) {
                    refuses(user, password, address, "in person");
                    refuses(user, password, address(user) + "::" + address, "in person");
                }
            }
            for (var address : List.of(
                    Addresses.EVENTS, Addresses.TRIGGERS, Addresses.EVENTS + "::workflow", "activemq.management")) {
                refuses(user, password, address, "in person");
            }
            for (var address : List.of(address(user), Addresses.EVENTS + "::workflow")) {
                if (door.reads(user, password, address)) {
                    surprises.add(new Surprise(user + " in person", "it reads " + address));
                } else {
                    refused++;
                }
            }
        });
    }

    /** Senders share their connector's address. */
    private static String address(String user) {
        var parts = user.split("\\.");
        return parts.length < 2 ? "in.jira" : parts[0] + "." + parts[1];
    }

    private void refuses(String user, String password, String address, String how) {
        var connector = address(user).substring("in.".length());
        var delivery = Template.all().stream()
                .filter(template -> template.connector().equals(connector))
                .findFirst()
                .orElse(Template.all().getFirst())
                .sound(numbers.next());
        if (door.tried(user, password, address, delivery) instanceof Reply.Refused) {
            refused++;
        } else {
            surprises.add(new Surprise(user + " " + how, "the broker takes what it sends to " + address));
        }
    }
}
