package io.dovetail.translate.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dovetail.connector.EventRule;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Source;
import org.apache.camel.Exchange;

/** {@code hub:contract}: is this what the sender agreed to send, and does it speak as itself? */
final class ContractStep {

    /** The sender of a connector with a single secret, who may name itself as it likes. */
    private static final String ANYBODY = "default";

    /** The variable in which a route finds what its event is called, for what it makes in other systems to be known by. */
    private static final String EVENT_ID = "eventId";

    private ContractStep() {}

    static void run(Exchange exchange) {
        var translation = Translation.of(exchange);
        var source = translation.source();
        var connector = source.connector();
        var objection = connector.codec().objection(source.tree());
        if (objection != null && objection.ignored()) {
            translation.ignored(objection.reason(), exchange);
            return;
        }
        if (objection != null) {
            throw new FailedException(
                    Failure.of(FailureKind.CONTRACT, objection.pointer(), objection.rule(), objection.reason()));
        }
        var rule = connector.rule(source.tree());
        if (rule != null) {
            checkContract(rule, source.tree());
            checkSender(source);
            translation.satisfied(rule);
            // of a revision, too: it is still the same that has happened
            var id = source.revises() == null ? source.id() : source.revises();
            exchange.setVariable(EVENT_ID, TextNode.valueOf(id.toString()));
        } else if (connector.ignoreReason() != null) {
            translation.ignored(connector.ignoreReason(), exchange);
        } else {
            throw new FailedException(Failure.of(
                    FailureKind.CONTRACT,
                    "",
                    "events",
                    "no entry under events in connectors/" + connector.name()
                            + "/connector.yaml matches this kind of event; add"
                            + " one whose \"when\" holds for it, or say otherwise: { ignore: \"reason\" }"));
        }
    }

    private static void checkContract(EventRule rule, JsonNode tree) {
        var violation = rule.contract().check(tree);
        if (violation != null) {
            throw new FailedException(new Failure(
                    FailureKind.CONTRACT,
                    violation.pointer(),
                    rule.contract().name() + " " + violation.keyword(),
                    violation.message(),
                    violation.value(),
                    null));
        }
    }

    private static void checkSender(Source source) {
        var claim = source.connector().claimedSender();
        if (claim == null || source.sender().equals(ANYBODY)) {
            return;
        }
        var claimed = claim.text(source.tree());
        if (claimed != null && !claimed.equals(source.sender())) {
            throw new FailedException(new Failure(
                    FailureKind.CONTRACT,
                    "",
                    "sender",
                    "the event says it comes from another sender than the \"" + source.sender()
                            + "\" whose credential it came with; a sender can only speak as itself",
                    claimed,
                    null));
        }
    }
}
