package io.dovetail.demo;

import io.dovetail.counterpart.JiraDouble;
import io.dovetail.counterpart.JiraSearch;
import io.dovetail.counterpart.RequestTrackerDouble;
import io.dovetail.counterpart.ServiceNowDouble;
import io.dovetail.counterpart.TableApi;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Where tickets are. Of Jira and ServiceNow one counterpart is read from, and another is written to. */
final class TicketSystems implements AutoCloseable {

    private final JiraSearch jiraSearch = new JiraSearch("UTC", true);
    private final JiraDouble jira = new JiraDouble();
    private final TableApi serviceNowTable = new TableApi();
    private final ServiceNowDouble serviceNow = new ServiceNowDouble();
    private final RequestTrackerDouble tracker = new RequestTrackerDouble();

    List<Neighbour> all() {
        return List.of(
                Neighbour.of("jira", "Cloud's search and issues", "poll")
                        .knownBy(jiraSearch.secrets())
                        .knownBy(jira.secrets())
                        .at("jira-changes", host("jira.host", jiraSearch.secrets()))
                        .tells(2, outside -> {
                            var soon = soon();
                            jiraSearch.made(77, soon.toString(), "mia");
                            jiraSearch.changed(77, 577, soon.plusSeconds(1).toString(), "ann");
                        })
                        .isToldTo(
                                "issue created",
                                () -> jira.issues().size() == 1,
                                Office.set("issue", """
                                {
                                  "project": { "key": "PUMP" },
                                  "issuetype": { "name": "Task" },
                                  "summary": "Call back about pump 3"
                                }
                                """),
                                Office.call("jira-create-issue")),
                Neighbour.of("servicenow", "Table API", "poll")
                        .knownBy(serviceNowTable.secrets())
                        .knownBy(serviceNow.secrets())
                        .at("servicenow-changes", host("servicenow.host", serviceNowTable.secrets()))
                        .tells(1, outside -> {
                            var soon = soon().toString().replace("T", " ").replace("Z", "");
                            serviceNowTable.has(77, soon, soon, 0, "mia");
                        })
                        .isToldTo(
                                "incident created",
                                () -> serviceNow.records().size() == 1,
                                Office.set("record", "{ \"short_description\": \"Call back about pump 3\" }"),
                                Office.call("servicenow-create")),
                Neighbour.of("request-tracker", "REST 2.0", "poll")
                        .knownBy(tracker.readers())
                        .knownBy(tracker.writers())
                        .tells(2, outside -> {
                            var ticket = tracker.at(soon().toString()).opens("Pump 3 loses pressure", "mia");
                            tracker.enters(ticket, "Comment", "", "", "", "", "ann");
                        })
                        .isToldTo(
                                "ticket created",
                                () -> tracker.tickets().size() == 2,
                                Office.set("ticket", "{ \"Queue\": \"General\", \"Subject\": \"Call back\" }"),
                                Office.call("request-tracker-create")));
    }

    private static Map<String, String> host(String secret, Map<String, String> secrets) {
        return Map.of("https://{{" + secret + "}}", "http://" + secrets.get(secret));
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        jiraSearch.close();
        jira.close();
        serviceNowTable.close();
        serviceNow.close();
        tracker.close();
    }
}
