package io.dovetail.hostile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Every attack there is, and as many mutations as one likes; of a seed. */
final class Catalogue {

    private final List<Attack> all = new ArrayList<>();
    private final Mutations mutations;
    private final Random random;

    Catalogue(Words words, Numbers numbers, Random random) {
        this.random = random;
        this.mutations = new Mutations(numbers, random);
        all.addAll(new TextsInPlaces(words, numbers).attacks());
        all.addAll(new TextsInPlaces(words, numbers).slow());
        all.addAll(new OddValues(words, numbers).attacks());
        all.addAll(new JsonBombs(numbers).attacks());
        all.addAll(new XmlAttacks(words, numbers).attacks());
        all.addAll(new Identifiers(words, numbers).attacks());
        all.addAll(new Proofs(words, numbers).attacks());
        all.addAll(new BrokenHttp(numbers).attacks());
    }

    /** That many that the door carries, at least every fifth a mutation. */
    List<Attack> some(int count, Door door) {
        var rest = new ArrayList<>(all);
        Collections.shuffle(rest, random);
        var chosen = new ArrayList<>(rest.stream()
                .filter(attack -> door.carries(attack.delivery().get()))
                .limit(count - count / 5)
                .toList());
        while (chosen.size() < count) {
            chosen.add(mutations.next());
        }
        Collections.shuffle(chosen, random);
        return chosen;
    }
}
