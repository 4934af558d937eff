package io.dovetail.hostile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Every attack there is, and as many mutations as one likes; of a seed. */
final class Catalogue {

    private static final int MUTATIONS = 1_000;

    private final List<Attack> texts = new ArrayList<>();
    private final List<Attack> all = new ArrayList<>();
    private final Mutations mutations;
    private final Random random;

    Catalogue(Words words, Numbers numbers, Random random) {
        this.random = random;
        this.mutations = new Mutations(numbers, random);
        texts.addAll(new TextsInPlaces(words, numbers).attacks());
        texts.addAll(new TextsInPlaces(words, numbers).slow());
        all.addAll(texts);
        all.addAll(new OddValues(words, numbers).attacks());
        all.addAll(new JsonBombs(numbers).attacks());
        all.addAll(new XmlAttacks(words, numbers).attacks());
        all.addAll(new Identifiers(words, numbers).attacks());
        all.addAll(new Proofs(words, numbers).attacks());
        all.addAll(new BrokenHttp(numbers).attacks());
        all.addAll(new AmqpMessages(words, numbers).attacks());
    }

    /**
     * All that the door carries, and mutations.
     *
     * @param part of the texts in places: behind every door they meet the same code, and they are most of all
     */
    List<Attack> all(Door door, int part) {
        var left = new HashSet<>(texts);
        Collections.shuffle(texts, random);
        texts.subList(0, texts.size() / part).forEach(left::remove);
        var chosen = carried(door).filter(attack -> !left.contains(attack)).toList();
        return mixed(chosen, chosen.size() + MUTATIONS);
    }

    /** That many that the door carries, at least every fifth a mutation. */
    List<Attack> some(int count, Door door) {
        return mixed(carried(door).limit(count - count / 5).toList(), count);
    }

    private Stream<Attack> carried(Door door) {
        var rest = new ArrayList<>(all);
        Collections.shuffle(rest, random);
        return rest.stream().filter(attack -> door.carries(attack.delivery().get()));
    }

    private List<Attack> mixed(List<Attack> some, int count) {
        var chosen = new ArrayList<>(some);
        while (chosen.size() < count) {
            chosen.add(mutations.next());
        }
        Collections.shuffle(chosen, random);
        return chosen;
    }
}
