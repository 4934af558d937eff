/** Webhooks: {@code POST /in/{connector}}. */
@NullMarked
package io.dovetail.intake.web;

import org.jspecify.annotations.NullMarked;
