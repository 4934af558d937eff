/**
 * How a webhook's sender proves who it is: one class a scheme, which reads its part of {@code connector.yaml}, checks
 * proofs, makes them for {@code hub send}, and makes up secrets. A new scheme is its class, its line in {@link
 * io.dovetail.connector.verify.Scheme#read} and its line in the schema.
 */
@NullMarked
@NamedInterface("verify")
package io.dovetail.connector.verify;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
