package io.dovetail.planted.rooms.first;

import io.dovetail.planted.rooms.second.Neighbour;

class Nosy {
    private final Neighbour neighbour = new Neighbour("next door");

    String look() {
        return neighbour.name();
    }
}
