package io.dovetail.hostile;

import io.dovetail.check.Tree;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.verify.Invented;
import io.dovetail.harness.FreshData;
import io.dovetail.harness.Partner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.util.FileSystemUtils;

/** The files of a hub that is to be shot at: the connectors shot at, with all three doors, and secrets of their senders. */
record Premises(Path root, Path data, Map<String, Connector> connectors) {

    static Premises in(Path directory) throws IOException {
        var root = Files.createDirectories(directory.resolve("root"));
        var targets = Stream.concat(Template.all().stream(), Template.ofOtherProofs().stream())
                .map(Template::connector)
                .distinct()
                .toArray(String[]::new);
        var tree = Tree.of(root, targets);
        // nobody is asked for news
        FileSystemUtils.deleteRecursively(root.resolve("routes/intake"));
        tree.change(
                "connectors/keycloak/connector.yaml",
                "verify: { scheme: token, header: X-Api-Key, secret: webhook }",
                "verify: { scheme: jwt, algorithms: [ES256, RS256], issuer: https://idp.example.com, audience: hub, secret: keys }");
        for (var target : targets) {
            addDoors(root.resolve("connectors").resolve(target).resolve("connector.yaml"));
        }
        var problems = new Problems();
        var connectors = Configuration.read(root, problems).connectors();
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.list().toString());
        }
        var data = directory.resolve("data");
        FreshData.into(data);
        var secrets = Files.createDirectories(data.resolve("secrets"));
        for (var connector : connectors.values()) {
            for (var sender : HubUnderFire.senders()) {
                addSecrets(secrets, connector, sender);
            }
        }
        return new Premises(root, data, connectors);
    }

    private static void addDoors(Path yaml) throws IOException {
        var text = Files.readString(yaml);
        var topic = GuardedKafka.topic(yaml.getParent().getFileName().toString());
        var doors = "intake:\n  amqp: { deliveryId: " + AmqpDoor.ID + " }\n  kafka: { topic: " + topic + " }\n";
        Files.writeString(yaml, text.replace("intake:\n", doors));
    }

    private static void addSecrets(Path secrets, Connector connector, String sender) throws IOException {
        var verify = connector.webhook().verify().parts().getFirst();
        if (verify.secret() != null) {
            var invented = verify.invent(sender);
            var name = Partner.secretName(connector, sender);
            Files.writeString(secrets.resolve(name), invented.secret() + "\n");
            if (invented.privateKey() != null) {
                Files.writeString(secrets.resolve(name + ".private"), invented.privateKey() + "\n");
            }
        }
        Files.writeString(secrets.resolve(AmqpDoor.secretName(connector.name(), sender)), Invented.password() + "\n");
    }

    /** As its owner, who may do all harm; when the hub runs. */
    DataSource database() throws IOException {
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(data.resolve("postgres-secrets"))) {
            secrets.load(in);
        }
        var port = Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                .get(3)
                .strip();
        var database = new PGSimpleDataSource();
        database.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/hub");
        database.setUser("hub_owner");
        database.setPassword(secrets.getProperty("hub_owner"));
        return database;
    }
}
