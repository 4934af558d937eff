/**
 * What a connector's door says in its vendor's own words: to deliveries, and to handshakes by which a vendor asks whether
 * this is the right place. Read from {@code connector.yaml}, and made so that no words can turn a refusal into a yes,
 * and nothing a stranger sends becomes markup or a header.
 */
@NullMarked
@NamedInterface("answer")
package io.dovetail.connector.answer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
