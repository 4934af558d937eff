package io.dovetail.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Partner;
import java.util.Map;
import java.util.UUID;

/** What the systems around a hub can do by themselves: send it something, with the proof that they agreed on. */
record Outside(HubProcess.Address hub, House house) {

    Partner.Answer deliver(String connector, byte[] body) {
        return Partner.of(hub, house.connector(connector), "default")
                .deliver(UUID.randomUUID().toString(), body, Map.of());
    }

    /** The delivery of a sample, with other numbers: each by what stands behind it. */
    byte[] sample(String connector, String name, String... numbers) {
        var delivery = house.samples(house.connector(connector)).stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow()
                .delivery();
        var text = new String(delivery, ISO_8859_1);
        for (var i = 0; i < numbers.length; i += 2) {
            text = text.replace(numbers[i], numbers[i + 1]);
        }
        return text.getBytes(ISO_8859_1);
    }

    /** As its sender signs it, where the proof stands in the body itself. */
    byte[] signed(String connector, byte[] body) {
        var rules = house.connector(connector);
        return rules.webhook().verify().parts().getFirst().fill(body, hub.key(Partner.secretName(rules, "default")));
    }
}
