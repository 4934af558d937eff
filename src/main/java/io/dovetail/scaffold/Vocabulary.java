package io.dovetail.scaffold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which words of other systems mean what the canonical language says. Nobody's names, only what they are made of. */
final class Vocabulary {

    /** The first of a line stands for all. */
    private static final Map<String, String> SAME = byFirst("""
            ticket issue incident case
            certification certificate cert
            deal opportunity
            order po
            number no nr num
            id uuid guid identifier
            summary title headline
            description text body details
            quantity qty
            lines line items item positions position
            assignee owner
            reporter requester creator
            seller supplier vendor
            buyer customer
            labels tags
            url link href
            email mail
            created opened
            expires expiry
            total sum
            comment note
            """);

    /** Words for the same thing that happened; a canonical type fits where its verb is in the same line. */
    private static final List<Set<String>> VERBS = Arrays.stream("""
            created create opened open placed place submitted submit registered register granted grant new filed raised issued reported received
            updated update changed change modified modify amended edited edit
            cancelled canceled cancel voided
            deleted delete removed remove
            acknowledged acknowledge confirmed confirm
            commented
            expiring
            expired
            revoked revoke
            """.strip().split("\n"))
            .map(line -> Set.of(line.strip().split(" ")))
            .toList();

    private static final Map<String, String> KINDS = Map.of(
            "ticket",
            "ticketing",
            "order",
            "erp",
            "certification",
            "lms",
            "deal",
            "crm",
            "user",
            "identity",
            "course",
            "lms",
            "part",
            "plm",
            "invoice",
            "erp",
            "customer",
            "crm");

    private Vocabulary() {}

    private static Map<String, String> byFirst(String lines) {
        var same = new HashMap<String, String>();
        lines.lines().map(line -> line.strip().split(" ")).forEach(words -> {
            for (var word : words) {
                same.put(word, words[0]);
            }
        });
        return same;
    }

    /** The same words as everybody says them. */
    static List<String> common(List<String> words) {
        return words.stream().map(word -> SAME.getOrDefault(word, word)).toList();
    }

    static boolean isVerb(String word) {
        return word.length() > 4 && word.endsWith("ed") && !word.endsWith("eed")
                || VERBS.stream().anyMatch(verbs -> verbs.contains(word));
    }

    /** Whether such an event comes once for each object. */
    static boolean isBeginning(List<String> words) {
        return words.stream().anyMatch(VERBS.getFirst()::contains)
                && words.stream().noneMatch("comment"::equals);
    }

    /** The only one of these canonical types of which all these words speak. */
    static Optional<String> type(Set<String> types, List<String> words) {
        var said = new HashSet<>(words);
        said.addAll(common(words));
        if (said.contains("comment")) {
            said.removeIf(Vocabulary::isVerb);
            said.add("commented");
        }
        var fitting = new ArrayList<String>();
        for (var type : types) {
            var parts = type.split("\\.");
            if (said.containsAll(common(Names.words(parts[0])))
                    && Names.words(parts[1]).stream().allMatch(verb -> said.contains(verb) || shares(verb, said))) {
                fitting.add(type);
            }
        }
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }

    /** Whether it is of a family of which these words speak. */
    static boolean isFamily(String type, List<String> words) {
        return common(words).containsAll(common(Names.words(type.substring(0, type.indexOf('.')))));
    }

    private static boolean shares(String verb, Set<String> said) {
        return VERBS.stream()
                .anyMatch(verbs -> verbs.contains(verb) && verbs.stream().anyMatch(said::contains));
    }

    /** What sort of system speaks of such things. */
    static String kind(List<String> words) {
        return common(words).stream()
                .filter(KINDS::containsKey)
                .map(KINDS::get)
                .findFirst()
                .orElse("partner");
    }
}
