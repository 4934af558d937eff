package io.dovetail.e2e;

import java.util.concurrent.atomic.AtomicLong;

/** Small deliveries of every connector, each of a business object that no other test has. */
final class Bodies {

    private static final AtomicLong NEXT = new AtomicLong(System.currentTimeMillis() * 1000);

    private Bodies() {}

    /** Digits, never given out before. */
    static String number() {
        return Long.toString(NEXT.incrementAndGet());
    }

    static String issueCreated(String id) {
        return issueCreated(id, "Highest", "Pump 3 loses pressure");
    }

    static String issueCreated(String id, String priority, String summary) {
        return """
                {"timestamp": 1773050400120, "webhookEvent": "jira:issue_created",
                 "issue": {"id": "%s", "key": "E2E-%s", "self": "https://example.atlassian.net/rest/api/2/issue/%s",
                  "fields": {"summary": "%s", "issuetype": {"name": "Bug"}, "priority": {"name": "%s"},
                   "status": {"name": "To Do", "statusCategory": {"key": "new"}}}}}
                """.formatted(id, id, id, summary, priority);
    }

    static String issueUpdated(String id, int change) {
        return """
                {"timestamp": %d, "webhookEvent": "jira:issue_updated",
                 "issue": {"id": "%s", "key": "E2E-%s", "fields": {"summary": "after change %d"}},
                 "changelog": {"id": "%s-%d", "items": [{"field": "summary", "toString": "after change %d"}]}}
                """.formatted(1773050400120L + change, id, id, change, id, change, change);
    }

    /** Authenticated and well-formed, but the contract wants {@code items} to hold objects. */
    static String issueUpdatedBadly(String id, int change) {
        return issueUpdated(id, change).replaceFirst("\\[\\{.*}]", "[\"summary\"]");
    }

    /** An interchange of one order. */
    static String edifactOrder(String number) {
        return """
                UNB+UNOC:3+4012345000009:14+4098765000003:14+260518:0915+@'
                UNH+1+ORDERS:D:96A:UN'
                BGM+220+@+9'
                NAD+BY+++Müller'
                LIN+1++771204:IN'
                QTY+21:1'
                UNT+6+1'
                UNZ+1+@'
                """.replace("@", number);
    }

    static String claim(String number, String amount) {
        return """
                {"type": "claim.submitted", "timestamp": "2026-03-09T10:00:00Z",
                 "data": {"claimNumber": "%s", "severity": "low", "claimed": {"amount": "%s", "currency": "EUR"}}}
                """.formatted(number, amount);
    }

    static String order(String number, String docnum) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <ORDERS05><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT><DOCNUM>%s</DOCNUM>
                <MESTYP>ORDERS</MESTYP><SNDPRN>E2E</SNDPRN><CREDAT>20260309</CREDAT><CRETIM>110000</CRETIM></EDI_DC40>
                <E1EDK01 SEGMENT="1"><CURCY>EUR</CURCY><BELNR>%s</BELNR></E1EDK01>
                <E1EDP01 SEGMENT="1"><POSEX>000010</POSEX><MENGE>2.000</MENGE><MENEE>PCE</MENEE><VPREI>10.00</VPREI>
                <NETWR>20000.00</NETWR></E1EDP01>
                <E1EDS01 SEGMENT="1"><SUMID>002</SUMID><SUMME>20000.00</SUMME><SUNIT>EUR</SUNIT></E1EDS01></IDOC></ORDERS05>
                """.formatted(docnum, number);
    }

    /** What Salesforce sends: a notification for each of the numbers. */
    static String outboundMessage(String organisation, String... numbers) {
        var notifications = new StringBuilder();
        for (var number : numbers) {
            notifications.append("""
                    <Notification><Id>04l%s</Id><sObject xsi:type="sf:Account"><sf:Id>001%s</sf:Id></sObject></Notification>
                    """.formatted(number, number));
        }
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
                <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
                <OrganizationId>%s</OrganizationId><ActionId>04k</ActionId>%s</notifications></soapenv:Body></soapenv:Envelope>
                """.formatted(organisation, notifications);
    }
}
