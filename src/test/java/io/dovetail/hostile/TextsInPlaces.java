package io.dovetail.hostile;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Every harmful text as every value and as a name: content and nothing else, delivered as it is or parked. */
record TextsInPlaces(Words words, Numbers numbers) {

    private static final Set<Ending> TAKEN_OR_NO_XML = with(Ending.TAKEN, Ending.REFUSED);
    private static final Set<Ending> NAMES = with(Ending.TAKEN, Ending.REFUSED);

    private static Set<Ending> with(Set<Ending> ends, Ending more) {
        var all = EnumSet.copyOf(ends);
        all.add(more);
        return all;
    }

    List<Attack> attacks() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            for (var text : words.all()) {
                template.places().stream()
                        .filter(template::isText)
                        .forEach(place -> all.add(inPlace("text", template, place, text)));
                all.add(arriving(template, text));
                if (template.isJson()) {
                    all.add(asName(template, text));
                }
            }
        }
        return all;
    }

    /** Texts on which a careless pattern works for hours. */
    List<Attack> slow() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            for (var place : template.places()) {
                if (template.isText(place)) {
                    words.slow().forEach(text -> all.add(inPlace("slow pattern", template, place, text)));
                }
            }
        }
        return all;
    }

    private Attack inPlace(String family, Template template, String place, String text) {
        var number = numbers.next();
        return Attack.of(
                family,
                template.connector() + " " + place + " = " + text,
                template.isJson() ? Ending.TAKEN : TAKEN_OR_NO_XML,
                () -> template.delivery(number, template.withText(number, place, text)));
    }

    private Attack arriving(Template template, String text) {
        var number = numbers.next();
        var place = template.text().pointer();
        var framed = "a" + text + "z";
        var fits = template.isJson() || text.chars().noneMatch(c -> c < ' ' || c >= 0x7F);
        return new Attack(
                "text arrives",
                template.connector() + " " + place + " = " + framed,
                fits ? Ending.ACCEPTANCE : TAKEN_OR_NO_XML,
                () -> template.delivery(number, template.withText(number, place, framed)),
                fits ? new Echo(template.text().text(), framed) : null);
    }

    private Attack asName(Template template, String text) {
        var number = numbers.next();
        return Attack.of("name", template.connector() + " " + text, NAMES, () -> {
            var tree = (com.fasterxml.jackson.databind.node.ObjectNode) template.tree(number);
            tree.put(text, "x").putObject("data2").put(text, "x");
            return template.delivery(number, io.dovetail.codec.JsonCodec.write(tree));
        });
    }
}
