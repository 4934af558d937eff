package io.dovetail.operate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.dovetail.connector.Connector;
import io.dovetail.connector.EventRule;
import io.dovetail.event.Failure;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.DeadLetters.Detail;
import io.dovetail.ledger.ProposedEdits;
import io.dovetail.ledger.ProposedEdits.Proposal;
import io.dovetail.ledger.Refused;
import io.dovetail.ledger.Timeline;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@code /api} answers, field by field as its users know it. */
final class Views {

    private Views() {}

    /** The worst first: what a person must look at decides what is said of the whole. */
    private static final List<String> WORST_FIRST =
            List.of("parked", "held", "accepted", "published", "discarded", "ignored", "duplicate");

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeliveryView(
            UUID id,
            String connector,
            String sender,
            String state,
            Instant acceptedAt,
            List<Instant> duplicates,
            List<EventView> events) {

        static DeliveryView of(Timeline.Delivery delivery, Sight sight) {
            var events = delivery.events().stream()
                    .map(event -> EventView.of(event, sight))
                    .toList();
            var state = WORST_FIRST.stream()
                    .filter(s -> events.stream().anyMatch(e -> e.state.equals(s)))
                    .findFirst()
                    .orElse("accepted");
            return new DeliveryView(
                    delivery.id(),
                    delivery.connector(),
                    delivery.sender(),
                    state,
                    delivery.acceptedAt(),
                    delivery.duplicates(),
                    events);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EventView(
            UUID id,
            UUID delivery,
            String connector,
            String sender,
            String state,
            @Nullable String type,
            @Nullable String key,
            long seq,
            String pointer,
            String traceparent,
            @Nullable String mappingVersion,
            Instant acceptedAt,
            @Nullable Instant translatedAt,
            @Nullable Instant publishedAt,
            List<Timeline.TriggerRef> triggers,
            @Nullable String reason,
            @Nullable FailureView failure,
            @Nullable WaitingView waiting,
            List<Timeline.Step> steps,
            List<Moments.Moment> history) {

        private static final Set<String> OUR_OWN = Set.of("translated", "waiting");

        static EventView of(Timeline.Event event, Sight sight) {
            var failure = event.failure();
            return new EventView(
                    event.id(),
                    event.delivery(),
                    event.connector(),
                    event.sender(),
                    // what it waits for is a matter of ours: for others it is accepted until it is published
                    OUR_OWN.contains(event.state()) ? "accepted" : event.state(),
                    event.type(),
                    event.key(),
                    event.seq(),
                    event.pointer(),
                    event.traceparent(),
                    event.mappingVersion(),
                    event.acceptedAt(),
                    event.translatedAt(),
                    event.publishedAt(),
                    event.triggers(),
                    event.reason(),
                    failure == null ? null : FailureView.of(failure, event.fingerprint()),
                    event.waiting() == null ? null : WaitingView.of(event.waiting()),
                    sight.of(event.steps()),
                    Moments.of(event));
        }
    }

    /** For another system, which was asked in vain. */
    record WaitingView(int attempts, Instant nextAttemptAt, FailureView failure) {

        static WaitingView of(Timeline.Waiting waiting) {
            return new WaitingView(
                    waiting.attempts(), waiting.nextAttemptAt(), FailureView.of(waiting.failure(), null));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FailureView(
            String kind,
            @Nullable String fingerprint,
            String place,
            String rule,
            String message,
            @Nullable String value,
            @Nullable String detail) {

        static FailureView of(Failure failure, @Nullable String fingerprint) {
            return new FailureView(
                    failure.kind().name(),
                    fingerprint,
                    failure.place(),
                    failure.rule(),
                    failure.message(),
                    failure.value(),
                    failure.detail());
        }
    }

    /** @param next give it as {@code before} to get older ones; absent when there is no more */
    record TimelineView(
            String key, List<EventView> events, @Nullable Long next, List<Refused> refused) {

        static TimelineView of(String key, Timeline.Page page, Sight sight) {
            return new TimelineView(
                    key,
                    page.events().stream()
                            .map(event -> EventView.of(event, sight))
                            .toList(),
                    page.next(),
                    page.refused());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadLetterView(
            UUID id,
            UUID delivery,
            String connector,
            String sender,
            @Nullable String type,
            @Nullable String key,
            long seq,
            Instant acceptedAt,
            Instant parkedAt,
            String mappingVersion,
            String fingerprint,
            long waiting,
            FailureView failure) {

        static DeadLetterView of(DeadLetter letter) {
            return new DeadLetterView(
                    letter.id(),
                    letter.delivery(),
                    letter.connector(),
                    letter.sender(),
                    letter.emits(),
                    letter.key(),
                    letter.seq(),
                    letter.acceptedAt(),
                    letter.parkedAt(),
                    letter.version(),
                    letter.fingerprint(),
                    letter.waiting(),
                    FailureView.of(letter.failure(), letter.fingerprint()));
        }
    }

    /** @param next give it as {@code after} to get more; null when there is no more */
    record DeadLetterPage(
            List<DeadLetterView> deadLetters, @Nullable Long next) {

        static DeadLetterPage of(List<DeadLetter> letters, @Nullable Long next) {
            return new DeadLetterPage(letters.stream().map(DeadLetterView::of).toList(), next);
        }
    }

    /**
     * @param body what would be translated: the delivery, the event's own part of it, or the last edit
     * @param original the delivery as it is stored
     * @param liveVersion which a replay "as now" would be translated by
     * @param needsApproval whether an edit waits for a second operator
     * @param proposal the one that waits
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadLetterDetail(
            @JsonUnwrapped DeadLetterView letter,
            String media,
            String body,
            String original,
            String liveVersion,
            List<Timeline.Step> steps,
            boolean needsApproval,
            @Nullable ProposalView proposal) {

        static DeadLetterDetail of(Detail detail, String liveVersion, boolean needsApproval, Sight sight) {
            var proposal = detail.proposal();
            var connector = detail.letter().connector();
            return new DeadLetterDetail(
                    DeadLetterView.of(detail.letter()),
                    detail.media(),
                    sight.of(connector, detail.body(), detail.part()),
                    sight.of(connector, detail.delivered(), false),
                    liveVersion,
                    sight.of(detail.steps()),
                    needsApproval,
                    proposal == null ? null : ProposalView.of(proposal, sight));
        }
    }

    /**
     * @param edit what was asked for; null for those who may not see all contents, as the next two
     * @param changes where the event would differ from what it is
     * @param body what would be translated
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProposalView(
            UUID id,
            Instant at,
            String by,
            String reason,
            @JsonRawValue @Nullable String edit,
            @JsonRawValue @Nullable String changes,
            @Nullable String body) {

        static ProposalView of(Proposal proposal, Sight sight) {
            var edit = proposal.edit();
            var whole = sight.isWhole();
            return new ProposalView(
                    proposal.id(),
                    proposal.at(),
                    proposal.actor(),
                    proposal.reason(),
                    whole ? edit.wish() : null,
                    whole ? edit.changes() : null,
                    whole ? new String(edit.body(), StandardCharsets.UTF_8) : null);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListedProposal(
            UUID id,
            UUID proposal,
            String connector,
            @Nullable String type,
            @Nullable String key,
            Instant at,
            String by,
            String reason) {

        static ListedProposal of(ProposedEdits.Listed listed) {
            return new ListedProposal(
                    listed.event(),
                    listed.proposal(),
                    listed.connector(),
                    listed.emits(),
                    listed.key(),
                    listed.at(),
                    listed.actor(),
                    listed.reason());
        }
    }

    /** @param next give it as {@code after} to get more; null when there is no more */
    record ProposalPage(
            List<ListedProposal> proposals, @Nullable Long next) {

        static ProposalPage of(List<ProposedEdits.Listed> proposals, @Nullable Long next) {
            return new ProposalPage(proposals.stream().map(ListedProposal::of).toList(), next);
        }
    }

    /**
     * @param verification the scheme by which senders prove themselves
     * @param verificationReason why nobody has to; null where they have to
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ConnectorView(
            String name,
            String title,
            String kind,
            String verification,
            @Nullable String verificationReason,
            List<String> media,
            List<String> emits) {

        static ConnectorView of(Connector connector) {
            var verify = connector.webhook().verify();
            return new ConnectorView(
                    connector.name(),
                    connector.title(),
                    connector.kind(),
                    verify.scheme(),
                    verify.reason(),
                    connector.webhook().media().stream().sorted().toList(),
                    connector.events().stream().map(EventRule::emits).distinct().toList());
        }
    }
}
