package io.dovetail.hostile;

import java.util.Set;

/** A channel of which a connector knows nothing: with whatever stands there a sound delivery is as sound as without. */
record Beside(String name, Putting how) implements Door.Channel {

    interface Putting {
        Delivery put(Delivery delivery, String name, String value);
    }

    @Override
    public Set<Ending> ends(String header) {
        return Ending.TAKEN;
    }

    @Override
    public Delivery put(Delivery delivery, String header, String value) {
        return how.put(delivery, header, value);
    }
}
