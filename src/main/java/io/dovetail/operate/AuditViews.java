package io.dovetail.operate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.dovetail.ledger.AuditHead;
import io.dovetail.ledger.AuditRow;
import io.dovetail.ledger.AuditVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code /api/audit} is asked and answers. */
final class AuditViews {

    private AuditViews() {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RowView(
            long n,
            Instant at,
            String actor,
            @Nullable String role,
            String action,
            String subject,
            @Nullable String reason,
            @JsonRawValue @Nullable String detail,
            String hash) {

        static RowView of(AuditRow row) {
            return new RowView(
                    row.n(),
                    row.at(),
                    row.actor(),
                    row.role(),
                    row.action(),
                    row.subject(),
                    row.reason(),
                    row.detail(),
                    row.hash());
        }
    }

    /** @param next the next page's {@code after}; null on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PageView(List<RowView> rows, @Nullable Long next) {

        static PageView of(List<AuditRow> page, int size) {
            return new PageView(
                    page.stream().map(RowView::of).toList(),
                    page.size() < size ? null : page.getLast().n());
        }
    }

    /** Heads that somebody kept, in the order in which they were taken. */
    record Heads(@Nullable List<AuditHead> heads) {}

    /**
     * @param rows how many follow each other from the beginning
     * @param hash of the last of them
     * @param heads with how many earlier heads they agree
     * @param headFile where those heads stood; null when they were given
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record VerdictView(
            boolean intact,
            long rows,
            String hash,
            int heads,
            @Nullable String headFile,
            @Nullable ProblemView problem) {

        static VerdictView of(AuditVerdict verdict, @Nullable String headFile) {
            var problem = verdict.problem();
            return new VerdictView(
                    problem == null,
                    verdict.rows(),
                    verdict.hash(),
                    verdict.heads(),
                    headFile,
                    problem == null ? null : ProblemView.of(problem));
        }
    }

    /**
     * @param n the first row that is concerned
     * @param to the last, or the other one
     */
    record ProblemView(String what, long n, long to, String message) {

        static ProblemView of(AuditVerdict.Problem problem) {
            return new ProblemView(
                    problem.what().name().toLowerCase(Locale.ROOT), problem.n(), problem.to(), problem.message());
        }
    }
}
