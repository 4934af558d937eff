package io.dovetail.operate;

import io.dovetail.ledger.Actor;
import java.security.Principal;

/** A person at the management side who has proved who he is. */
record Operator(String name, Role role) implements Principal {

    @Override
    public String getName() {
        return name;
    }

    /** As the ledger writes it down. */
    Actor actor() {
        return new Actor(name, role.word());
    }
}
