package io.dovetail.catalogue;

import io.dovetail.connector.Connector;
import io.dovetail.connector.EventRule;
import java.util.List;

/** A connector that emits a type, by which of its rules, and where the fields come from as far as its samples show. */
record Saying(Connector connector, List<EventRule> rules, Origin.ByField origins) {}
