package io.dovetail.translate.camel;

import io.dovetail.call.Caller;
import io.dovetail.camel.Asks;
import io.dovetail.camel.HubRoute;
import io.dovetail.connector.EventRule;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What the steps of one translation leave for each other. One thread at a time. */
final class Translation implements Asks {

    private final Source source;
    private final Caller caller;
    private @Nullable EventRule rule;
    private @Nullable Translated result;

    Translation(Source source, Caller caller) {
        this.source = source;
        this.caller = caller;
    }

    static Translation of(Exchange exchange) {
        return HubRoute.work(exchange, Translation.class);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    Source source() {
        return source;
    }

    /** The entry of {@code events:} whose contract the source event satisfies. */
    EventRule rule() {
        if (rule == null) {
            throw new FailedException(Failure.of(
                    FailureKind.MAPPING,
                    "routes/translate",
                    "route incomplete",
                    "no contract has been checked yet; let the route call kamelet:hub-contract first"));
        }
        return rule;
    }

    void satisfied(EventRule found) {
        rule = found;
    }

    @Nullable
    Translated result() {
        return result;
    }

    void said(Translated.Said said) {
        result = said;
    }

    /** Ends the route: there is nothing left to do. */
    void ignored(String reason, Exchange exchange) {
        result = new Translated.Ignored(reason);
        exchange.setRouteStop(true);
    }
}
