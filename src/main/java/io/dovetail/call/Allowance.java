package io.dovetail.call;

import org.jspecify.annotations.Nullable;

/**
 * How many requests a system allows until a certain time, as its answers say.
 *
 * @param header in which it says how many are left
 * @param reset in which it says when there will be as many as ever; null: it does not say
 * @param reserve how many are left for others
 */
public record Allowance(String header, @Nullable String reset, long reserve) {}
