package io.dovetail.hostile;

import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Signed;
import io.dovetail.harness.Partner;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Webhooks, byte by byte. */
final class HttpDoor implements Door {

    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] (\\d{3})");
    private static final Pattern TAKEN =
            Pattern.compile("\"id\":\"([0-9a-f-]{36})\",\"status\":\"(accepted|duplicate)\"");
    // where the answer is one that a protocol prescribes
    private static final Pattern TAKEN_SILENTLY = Pattern.compile("(?mi)^Delivery-Id: ([0-9a-f-]{36})");
    // what a stack trace, a class or a server's own page would show
    private static final List<String> INTERNALS =
            List.of("Exception", "java.", "jakarta.", "org.", "io.dovetail", "\tat ", "Tomcat", "<html");
    private static final int LONGEST = 8_192;

    private final Wire wire;
    private final Map<String, Connector> connectors;
    private final Function<String, String> secrets;
    private boolean forging;

    /** @param secrets by their names */
    HttpDoor(int port, Map<String, Connector> connectors, Function<String, String> secrets) {
        this.wire = new Wire(port);
        this.connectors = connectors;
        this.secrets = secrets;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public boolean carries(Delivery delivery) {
        return !(delivery.form() instanceof AmqpForm);
    }

    @Override
    public Reply deliver(Delivery delivery, Arm arm) {
        var sound = sound(delivery, arm);
        return delivery.form() instanceof HttpForm form
                ? judged(wire.exchange(form.bytes(sound), true), true)
                : judged(wire.exchange(sound.bytes(), false), false);
    }

    /** With this for a proof, whatever the connector wants. */
    Reply deliver(Delivery delivery, Signed proof) {
        return judged(wire.exchange(sound(delivery, proof).bytes(), false), false);
    }

    /** What is answered to a request without a body at a port of the hub; 0 for nothing. */
    static int status(int port, String method, String target, Map<String, String> headers) {
        var lines = headers.entrySet().stream()
                .map(header -> new Header(header.getKey(), header.getValue()))
                .toList();
        var request = new HttpForm.Sound(target, lines, new byte[0]);
        var said = new Wire(port)
                .exchange(
                        request.bytes(method + " " + target + " HTTP/1.1", "Host: localhost\r\nConnection: close\r\n"),
                        false)
                .text();
        var status = STATUS.matcher(said);
        return status.find() ? Integer.parseInt(status.group(1)) : 0;
    }

    private HttpForm.Sound sound(Delivery delivery, Arm arm) {
        return sound(delivery, proof(connectors.get(delivery.connector()), delivery, arm));
    }

    private HttpForm.Sound sound(Delivery delivery, Signed proof) {
        var connector = connectors.get(delivery.connector());
        var webhook = connector.webhook();
        var headers = new ArrayList<Header>();
        headers.add(new Header("Content-Type", delivery.media()));
        var idHeader = webhook.deliveryIdHeader();
        if (idHeader != null && !proof.headers().containsKey(idHeader)) {
            headers.add(new Header(idHeader, delivery.id()));
        }
        proof.headers().forEach((name, value) -> headers.add(new Header(name, value)));
        headers.addAll(delivery.more());
        return new HttpForm.Sound("/in/" + connector.name() + proof.tail(), List.copyOf(headers), proof.body());
    }

    private Signed proof(Connector connector, Delivery delivery, Arm arm) {
        var verify = connector.webhook().verify();
        var outgoing = new Outgoing(delivery.id(), Instant.now(), delivery.body());
        if (arm == Arm.SIGNED) {
            return Signed.of(
                    verify, List.of(secrets.apply(Partner.secretName(connector, delivery.sender()))), outgoing);
        }
        // by turns none, and one of a secret that nobody has given out
        forging = !forging;
        return forging ? Signed.wrongly(verify, outgoing) : unsigned(delivery);
    }

    static Signed unsigned(Delivery delivery) {
        return new Signed(Map.of(), "", delivery.body());
    }

    static boolean isProof(Header header) {
        var name = header.name().toLowerCase(java.util.Locale.ROOT);
        return name.contains("signature") || name.equals("authorization") || name.equals("webhook-timestamp");
    }

    private static Reply judged(Wire.Heard heard, boolean bent) {
        var said = heard.text();
        if (!heard.complete()) {
            return new Reply.Wrong("it neither answers nor closes the connection", said);
        }
        var statuses = STATUS.matcher(said)
                .results()
                .map(status -> Integer.parseInt(status.group(1)))
                .filter(status -> status >= 200)
                .toList();
        if (statuses.isEmpty()) {
            return bent
                    ? new Reply.Refused("cut", said)
                    : new Reply.Wrong("it closes the connection without an answer", said);
        }
        if (statuses.size() > 1) {
            return new Reply.Wrong("it answers " + statuses.size() + " times to one request: " + statuses, said);
        }
        var status = statuses.getFirst();
        if (said.length() > LONGEST) {
            return new Reply.Wrong("its answer has " + said.length() + " bytes", said);
        }
        for (var internal : INTERNALS) {
            if (said.contains(internal)) {
                return new Reply.Wrong("its answer tells of " + internal.strip(), said);
            }
        }
        return judged(status, said, bent);
    }

    private static Reply judged(int status, String said, boolean bent) {
        if (status < 300) {
            var taken = TAKEN.matcher(said);
            if (taken.find()) {
                return new Reply.Taken(taken.group(1), taken.group(2).equals("duplicate"), said);
            }
            var silently = TAKEN_SILENTLY.matcher(said);
            return silently.find()
                    ? new Reply.Taken(silently.group(1), false, said)
                    : new Reply.Wrong("it answers " + status + " without an id", said);
        }
        // what RFC 9110 has for methods, codings and versions of HTTP that a server does not know
        var isAboutHttp = bent && (status == 501 || status == 505);
        return status >= 400 && status < 500 || isAboutHttp
                ? new Reply.Refused(Integer.toString(status), said)
                : new Reply.Wrong("it answers " + status, said);
    }

    @Override
    public List<Channel> channels() {
        return List.of(
                new In("header", Ending.TAKEN, Delivery::with),
                new In(
                        "parameter",
                        Ending.TAKEN,
                        (delivery, name, value) -> delivery.bent(bent(
                                delivery,
                                sound -> sound.withTarget(
                                        sound.target() + (sound.target().contains("?") ? "&" : "?") + encoded(name)
                                                + "=" + encoded(value))))),
                new In(
                        "cookie",
                        Ending.TAKEN,
                        (delivery, name, value) -> delivery.with("Cookie", encoded(name) + "=" + encoded(value))),
                new In(
                        "matrix parameter",
                        Ending.REFUSAL,
                        (delivery, name, value) -> delivery.bent(bent(
                                delivery,
                                sound -> sound.withTarget(
                                        sound.target() + ";" + encoded(name) + "=" + encoded(value))))),
                new In("field", Ending.TAKEN, Delivery::withField));
    }

    /** Also when it is bent already. */
    private static HttpForm bent(Delivery delivery, java.util.function.UnaryOperator<HttpForm.Sound> change) {
        var before = delivery.form();
        return sound -> before instanceof HttpForm form
                ? form.bytes(change.apply(sound))
                : change.apply(sound).bytes();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Where it is not only a matter of the connector what may stand there. */
    private record In(String name, Set<Ending> usual, Beside.Putting how) implements Channel {

        @Override
        public Set<Ending> ends(String header) {
            // a name of other characters is no header (RFC 9110, 5.1)
            return name.equals("header") && !header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") ? Ending.REFUSAL : usual;
        }

        @Override
        public Delivery put(Delivery delivery, String header, String value) {
            return how.put(delivery, header, value);
        }
    }

    @Override
    public void close() {
        // a connection lasts as long as a request
    }
}
