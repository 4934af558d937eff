package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed deliveries of 1 KB as {@code partner-api} takes them, made by overwriting a few places of prepared requests. Four of five
 * are orders, each of its own key; one of four orders is worth a review, and so sets off a trigger. The fifth is news of
 * one of 5,000 certificates, so that keys come back. The time in each is when it was sent, to the microsecond.
 */
final class Deliveries implements Requests {

    static final int BODY_BYTES = 1024;
    private static final int KEYS = 5_000;
    private static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);

    private static final String ORDER = """
        {"type":"order.placed","timestamp":"TTTTTTTTTTTTTTTTTTTTTTTTTTT","data":{"orderNumber":"NNNNNNNNNNNNNNNNNNNN",\
        "orderDate":"2026-03-11","requestedDeliveryDate":"2026-04-02","currency":"EUR","paymentTerms":"30 days net",\
        "total":{"amount":"%s","currency":"EUR"},"buyer":{"id":"acme","name":"Acme Marine Supply Ltd",\
        "street":"Dock Road 7","postalCode":"CF10 5AL","city":"Cardiff","country":"GB"},"shipTo":{"name":"Acme \
        Warehouse 2","city":"Newport","country":"GB"},"lines":[{"line":"10","product":{"buyerId":"SEAL-40",\
        "sellerId":"DS-40","gtin":"04012345678901","name":"Shaft seal 40 mm"},"quantity":"200","unit":"PCE",\
        "price":{"amount":"62.00","currency":"EUR","per":"1"},"netAmount":{"amount":"12400.00","currency":"EUR"},\
        "schedule":[{"date":"2026-04-02","quantity":"120"},{"date":"2026-04-16","quantity":"80"}]}],"note":"%s"}}\
        """;

    private static final String CERTIFICATE = """
        {"type":"certification.granted","timestamp":"TTTTTTTTTTTTTTTTTTTTTTTTTTT","data":{"certificationId":\
        "NNNNNNNNNNNNNNNNNNNN","program":"Hydraulics service engineer","level":2,"holder":{"id":"P-77","name":\
        "Mia Lund","email":"mia.lund@acme.example"},"organization":{"id":"acme","name":"Acme Marine Supply Ltd"},\
        "grantedOn":"DDDDDDDDDD","expiresOn":"2048-03-10","reason":"%s"}}\
        """;

    private final Mac mac;
    private final byte[] run;
    private final Prepared smallOrder;
    private final Prepared largeOrder;
    private final Prepared certificate;
    private final boolean ordersOnly;
    private long number;

    /**
     * @param connector {@code partner-api}, or another that takes the same
     * @param secret {@code whsec_…}
     * @param run eight characters that no earlier run on the same data had
     */
    Deliveries(int port, String connector, String secret, String run) throws GeneralSecurityException {
        this(port, connector, secret, run, false);
    }

    /** Those of the partners of a hub that has the shipped connectors. */
    static Deliveries ofPartners(HubProcess.Address hub, String run) throws GeneralSecurityException {
        return new Deliveries(hub.port(), "partner-api", hub.secret("partner-api.webhook"), run);
    }

    /** Orders alone, so that each has a key of its own. */
    static Deliveries ordersOnly(int port, String connector, String secret, String run)
            throws GeneralSecurityException {
        return new Deliveries(port, connector, secret, run, true);
    }

    private Deliveries(int port, String connector, String secret, String run, boolean ordersOnly)
            throws GeneralSecurityException {
        this.ordersOnly = ordersOnly;
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        this.run = ascii(run);
        smallOrder = new Prepared(port, connector, ORDER.replaceFirst("%s", "4600.00"));
        largeOrder = new Prepared(port, connector, ORDER.replaceFirst("%s", "12400.00"));
        certificate = new Prepared(port, connector, CERTIFICATE);
    }

    @Override
    public byte[] next() {
        var n = number++;
        var prepared = n % 5 == 4 && !ordersOnly ? certificate : n % 5 == 0 ? largeOrder : smallOrder;
        prepared.fill(n);
        return prepared.request;
    }

    /** A body alone, as the floors store it. */
    byte[] body() {
        var request = next();
        return java.util.Arrays.copyOfRange(request, request.length - BODY_BYTES, request.length);
    }

    private final class Prepared {

        private final byte[] request;
        private final int body;
        private final int id;
        private final int second;
        private final int signature;
        private final int timestamp;
        private final int subject;
        private final int day;

        Prepared(int port, String connector, String template) {
            var filler = ". ".repeat(BODY_BYTES);
            var text = template.replace("%s", filler.substring(0, BODY_BYTES - template.length() + 2));
            var head = """
                POST /in/%s HTTP/1.1\r
                Host: 127.0.0.1:%d\r
                Content-Type: application/json\r
                Content-Length: %d\r
                webhook-id: IIIIIIIIIIIIIIIIIIII\r
                webhook-timestamp: SSSSSSSSSS\r
                webhook-signature: v1,GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG\r
                \r
                """.formatted(connector, port, BODY_BYTES);
            var whole = head + text;
            request = ascii(whole);
            body = head.length();
            id = head.indexOf("IIII");
            second = head.indexOf("SSSS");
            signature = head.indexOf("GGGG");
            timestamp = whole.indexOf("TTTT");
            subject = whole.indexOf("NNNN");
            day = whole.indexOf("DDDD");
        }

        void fill(long n) {
            var now = Instant.now();
            var seconds = now.getEpochSecond();
            digits(seconds, second, 10);
            name((byte) 'M', n, id);
            var time = now.atOffset(java.time.ZoneOffset.UTC);
            put(time.getYear() + "-", timestamp);
            digits(time.getMonthValue(), timestamp + 5, 2);
            request[timestamp + 7] = '-';
            digits(time.getDayOfMonth(), timestamp + 8, 2);
            request[timestamp + 10] = 'T';
            digits(time.getHour(), timestamp + 11, 2);
            request[timestamp + 13] = ':';
            digits(time.getMinute(), timestamp + 14, 2);
            request[timestamp + 16] = ':';
            digits(time.getSecond(), timestamp + 17, 2);
            request[timestamp + 19] = '.';
            digits(now.getNano() / 1_000, timestamp + 20, 6);
            request[timestamp + 26] = 'Z';
            if (day < 0) {
                name((byte) 'O', n, subject);
            } else {
                name((byte) 'C', n / 5 % KEYS, subject);
                put(FIRST_DAY.plusDays(n / 5 / KEYS).toString(), day);
            }
            sign();
        }

        private void sign() {
            mac.update(request, id, 20);
            mac.update((byte) '.');
            mac.update(request, second, 10);
            mac.update((byte) '.');
            mac.update(request, body, BODY_BYTES);
            var signed = Base64.getEncoder().encode(mac.doFinal());
            System.arraycopy(signed, 0, request, signature, signed.length);
        }

        /** Twenty characters: a letter, the run, and the number. */
        private void name(byte letter, long n, int at) {
            request[at] = letter;
            System.arraycopy(run, 0, request, at + 1, 8);
            request[at + 9] = '-';
            digits(n, at + 10, 10);
        }

        private void put(String text, int at) {
            var bytes = ascii(text);
            System.arraycopy(bytes, 0, request, at, bytes.length);
        }

        private void digits(long value, int at, int count) {
            var rest = value;
            for (var i = at + count - 1; i >= at; i--) {
                request[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
