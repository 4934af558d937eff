package io.dovetail.cli;

import io.dovetail.cli.Deliveries.Delivery;
import io.dovetail.connector.Amqp;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        header = "Send a sample or a file to a running hub, signed as the connector's other side would sign it.",
        description = {
            "",
            "Several, or all files of a folder, are followed to their end, and a table (Markdown) says what became of"
                    + " each. Exits with 0 only if the hub has accepted it, or of several accepted or refused each."
        },
        footer = {
            "",
            "Example: hub send jira issue-deleted",
            "         hub send partner-api claim.json --sender acme",
            "         hub send partner-api claim.json --amqp",
            "         hub send sap-idoc /archive/idocs"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SendCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(index = "0", paramLabel = "CONNECTOR", description = "a folder of connectors/")
    private String connector;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CASE|FILE|FOLDER",
            description = "one of its samples, any file, or all files of a folder")
    private List<String> named;

    @Option(
            names = "--sender",
            paramLabel = "NAME",
            description = "whose secret signs it; default: the sample's sender, or the connector's only one")
    private @Nullable String sender;

    @Option(
            names = "--secrets",
            paramLabel = "DIR",
            description = "one file a secret; default: HUB_SECRETS, or else the running hub's")
    private @Nullable Path secrets;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "the sender's certificate (PEM), for connectors that want one")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "its private key (PEM); default: the one in the same file")
    private @Nullable Path key;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "the delivery's id, to send the same again; default: a new one")
    private @Nullable String id;

    @Option(names = "--header", paramLabel = "LINE", description = "a header 'NAME: VALUE'; may be repeated")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--follow", description = "follow a single one to its end, too")
    private boolean follow;

    @Option(
            names = "--amqp",
            description = "to the connector's queue, in the clear; port: the one in DATA/run.json, or 5672")
    private boolean amqp;

    SendCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        if (key != null && certificate == null) {
            throw new NotDoneException("--key goes with a certificate: name it with --cert");
        }
        var problems = new Problems();
        var configuration = Configuration.read(workplace.root(), problems);
        var known = Deliveries.connector(configuration, problems, connector, workplace);
        var all = Deliveries.all(workplace, connector, named);
        if (all.size() == 1 && !follow && all.equals(named)) {
            var delivery = Deliveries.find(workplace, connector, all.getFirst());
            return amqp ? byAmqp(known, delivery) : byHttp(known, delivery);
        }
        if (amqp) {
            throw new NotDoneException("--amqp sends one delivery, and follows none: an answer over AMQP has no id");
        }
        if (id != null && all.size() > 1) {
            throw new NotDoneException("--id is the id of one delivery; there are " + all.size());
        }
        return followed(known, all);
    }

    private int followed(Connector known, List<String> all) {
        var outcomes = new Outcomes(Page.of(spec), Api.of(workplace, hub));
        var client = client(known);
        for (var one : all) {
            var delivery = Deliveries.find(workplace, connector, one);
            outcomes.add(delivery.what(), post(client, known, delivery).response());
        }
        return outcomes.tell() ? 0 : 1;
    }

    private int byAmqp(Connector known, Delivery delivery) {
        var door = known.amqp();
        if (door == null) {
            throw new NotDoneException("the connector " + connector
                    + " has no queue; say \"amqp: {}\" below intake in its connector.yaml, and hub reload");
        }
        var credential = Credential.find(
                workplace.secrets(secrets, hub.data),
                known,
                Amqp.SECRET,
                sender == null ? delivery.sender() : sender,
                sender != null);
        var address = "in." + connector;
        var user = credential.sender().equals(Credential.DEFAULT) ? address : address + "." + credential.sender();
        var media = delivery.headers().getOrDefault("Content-Type", Signature.media(known.webhook()));
        var deliveryId = id == null ? UUID.randomUUID().toString() : id;
        var port = workplace.run(hub.data).path("amqpPort").asInt(5672);
        try (var line = AmqpLine.to(port)) {
            var outcome = line.send(
                    user,
                    credential.keys().getFirst(),
                    address,
                    message(door.deliveryId(), deliveryId, media, delivery.body()));
            var page = Page.of(spec);
            var status = outcome.text() + " for " + delivery.what() + " from " + credential.sender();
            page.line(outcome.isAccepted() ? page.good(status) : page.bad(status));
            return outcome.isAccepted() ? 0 : 1;
        }
    }

    private static byte[] message(@Nullable String property, String id, String media, byte[] body) {
        var message = Proton.message();
        message.setContentType(media);
        message.setMessageId(id);
        if (property != null) {
            message.setApplicationProperties(new ApplicationProperties(Map.of(property, id)));
        }
        message.setBody(new Data(new Binary(body)));
        var encoded = new byte[body.length + 2048];
        return Arrays.copyOf(encoded, message.encode(encoded, 0, encoded.length));
    }

    private int byHttp(Connector known, Delivery delivery) {
        var answered = post(client(known), known, delivery);
        var response = answered.response();
        var accepted = response.statusCode() / 100 == 2;
        var page = Page.of(spec);
        var status = response.statusCode() + " for " + delivery.what() + " from " + answered.sender();
        page.line(accepted ? page.good(status) : page.bad(status));
        if (!response.body().isBlank()) {
            page.line(response.body());
        }
        return accepted ? 0 : 1;
    }

    private record Answered(String sender, HttpResponse<String> response) {}

    private HttpClient client(Connector known) {
        if (known.webhook().verify().wantsCertificate() && certificate == null) {
            throw new NotDoneException(
                    "the senders of " + connector + " show a client certificate: name one with --cert"
                            + " (and --key), and the hub's https address with --url");
        }
        return Connection.to(workplace, hub, certificate, key);
    }

    private Answered post(HttpClient client, Connector known, Delivery delivery) {
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        all.put("Content-Type", Signature.media(known.webhook()));
        all.putAll(delivery.headers());
        headers.forEach(header -> Deliveries.addHeader(all, header));
        var credential = Credential.find(
                workplace.secrets(secrets, hub.data),
                known,
                sender == null ? delivery.sender() : sender,
                sender != null);
        var deliveryId = id == null ? UUID.randomUUID().toString() : id;
        var signed = Signature.of(known.webhook(), credential.keys(), deliveryId, Instant.now(), delivery.body());
        all.putAll(signed.headers());
        var address = workplace.url(hub.url, hub.data) + "/in/" + connector + signed.tail();
        var request = HttpRequest.newBuilder(Api.uri(address))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofByteArray(signed.body()));
        all.forEach((name, value) -> header(request, name, value));
        return new Answered(credential.sender(), Api.send(client, request.build()));
    }

    private static void header(HttpRequest.Builder request, String name, String value) {
        try {
            request.header(name, value);
        } catch (IllegalArgumentException e) {
            throw new NotDoneException("the header " + name + " cannot be sent: " + e.getMessage());
        }
    }
}
