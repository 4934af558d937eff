package io.dovetail.planted.circle.two;

import io.dovetail.planted.circle.one.One;

public record Two(One one) {}
