package io.dovetail.planted.rooms.second;

public record Neighbour(String name) {}
