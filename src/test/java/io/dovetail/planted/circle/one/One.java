package io.dovetail.planted.circle.one;

import io.dovetail.planted.circle.two.Two;

public record One(Two two) {}
