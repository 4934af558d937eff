package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Orders as ERP systems send them, over Basic authentication, made by overwriting a few places of prepared requests. Each
 * is of its own key and under numbers of its own; one of four is worth a review, and so sets off a trigger. When it was
 * sent stands in the order's number, as these formats know no more than the second.
 */
final class ErpOrders implements Requests {

    /** An IDoc of type ORDERS05, as its port for XML over HTTP writes it. */
    private static final String IDOC = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ORDERS05>
        <IDOC BEGIN="1">
        <EDI_DC40 SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><MANDT>410</MANDT><DOCNUM>DDDDDDDDDDDDDDDD</DOCNUM>\
        <DOCREL>756</DOCREL><STATUS>30</STATUS><DIRECT>1</DIRECT><OUTMOD>2</OUTMOD><IDOCTYP>ORDERS05</IDOCTYP>\
        <MESTYP>ORDERS</MESTYP><SNDPOR>SAPP41</SNDPOR><SNDPRT>LS</SNDPRT><SNDPRN>P41CLNT410</SNDPRN>\
        <RCVPOR>DOVETAIL</RCVPOR><RCVPRT>LS</RCVPRT><RCVPRN>DOVETAIL</RCVPRN><CREDAT>20260311</CREDAT>\
        <CRETIM>101502</CRETIM><SERIAL>20260311101500</SERIAL></EDI_DC40>
        <E1EDK01 SEGMENT="1"><CURCY>EUR</CURCY><WKURS>1.00000</WKURS><ZTERM>0014</ZTERM><BSART>NB</BSART>\
        <BELNR>NNNNNNNNNNNNNNNNNNNNNN</BELNR></E1EDK01>
        <E1EDK02 SEGMENT="1"><QUALF>001</QUALF><BELNR>NNNNNNNNNNNNNNNNNNNNNN</BELNR><DATUM>20260311</DATUM>\
        <UZEIT>101400</UZEIT></E1EDK02>
        <E1EDK03 SEGMENT="1"><IDDAT>012</IDDAT><DATUM>20260311</DATUM></E1EDK03>
        <E1EDK03 SEGMENT="1"><IDDAT>002</IDDAT><DATUM>20260402</DATUM></E1EDK03>
        <E1EDKA1 SEGMENT="1"><PARVW>AG</PARVW><PARTN>17100001</PARTN><NAME1>Acme Marine Supply Ltd</NAME1>\
        <STRAS>Dock Road 7</STRAS><ORT01>Cardiff</ORT01><PSTLZ>CF10 5AL</PSTLZ><LAND1>GB</LAND1></E1EDKA1>
        <E1EDKA1 SEGMENT="1"><PARVW>WE</PARVW><LIFNR>1700</LIFNR><NAME1>Acme Warehouse 2</NAME1>\
        <ORT01>Newport</ORT01><LAND1>GB</LAND1></E1EDKA1>
        <E1EDKT1 SEGMENT="1"><TDID>F01</TDID><TSSPRAS>E</TSSPRAS>
        <E1EDKT2 SEGMENT="1"><TDLINE>Call before delivery</TDLINE></E1EDKT2>
        </E1EDKT1>
        <E1EDP01 SEGMENT="1"><POSEX>00010</POSEX><MENGE>200.000</MENGE><MENEE>PCE</MENEE><PMENE>PCE</PMENE>\
        <VPREI>62.00</VPREI><PEINH>1</PEINH><NETWR>12400.00</NETWR><WERKS>1700</WERKS>
        <E1EDP20 SEGMENT="1"><WMENG>120.000</WMENG><EDATU>20260402</EDATU></E1EDP20>
        <E1EDP20 SEGMENT="1"><WMENG>80.000</WMENG><EDATU>20260416</EDATU></E1EDP20>
        <E1EDP19 SEGMENT="1"><QUALF>001</QUALF><IDTNR>000000000000771204</IDTNR><KTEXT>Shaft seal 40 mm</KTEXT>\
        </E1EDP19>
        <E1EDP19 SEGMENT="1"><QUALF>003</QUALF><IDTNR>04012345678901</IDTNR></E1EDP19>
        </E1EDP01>
        <E1EDP01 SEGMENT="1"><POSEX>00020</POSEX><MENGE>5.000</MENGE><MENEE>PCE</MENEE><PMENE>PCE</PMENE>\
        <VPREI>8.2000</VPREI><PEINH>1</PEINH><NETWR>41.00</NETWR><WERKS>1700</WERKS>
        <E1EDP20 SEGMENT="1"><WMENG>5.000</WMENG><EDATU>20260402</EDATU></E1EDP20>
        <E1EDP19 SEGMENT="1"><QUALF>001</QUALF><IDTNR>000000000000771300</IDTNR><KTEXT>Grease</KTEXT></E1EDP19>
        </E1EDP01>
        <E1EDS01 SEGMENT="1"><SUMID>002</SUMID><SUMME>%s</SUMME><SUNIT>EUR</SUNIT></E1EDS01>
        </IDOC>
        </ORDERS05>
        """;

    /** An interchange with one purchase order. */
    private static final String X12 = """
        ISA*00*          *00*          *ZZ*ACMEMARINE     *ZZ*DOVETAIL       *260311*1015*U*00401*CCCCCCCCC*0*P*>~
        GS*PO*ACMEMARINE*DOVETAIL*20260311*1015*GGGGGGGGG*X*004010~
        ST*850*0001~
        BEG*00*SA*NNNNNNNNNNNNNNNNNNNNNN**20260311~
        CUR*BY*EUR~
        DTM*002*20260402~
        ITD*01*3*2**10**30*****2/10 NET 30~
        N9*L1*NOTES~
        MSG*Call before delivery~
        N1*BY*Acme Marine Supply Ltd*92*200001~
        N3*Dock Road 7~
        N4*Cardiff**CF10 5AL*GB~
        N1*ST*Acme Warehouse 2*92*1700~
        N4*Newport***GB~
        PO1*10*200*EA*62.00**BP*771204*VN*DS-40*UP*04012345678901~
        PID*F****Shaft seal 40 mm~
        SCH*120*EA***002*20260402~
        SCH*80*EA***002*20260416~
        PO1*20*5*EA*8.2**BP*771300~
        PID*F****Grease~
        CTT*2~
        AMT*TT*%s~
        SE*21*0001~
        GE*1*GGGGGGGGG~
        IEA*1*CCCCCCCCC~
        """;

    private final long run;
    private final List<Prepared> prepared;
    private long number;

    private ErpOrders(HubProcess.Address hub, String connector, String media, String template) {
        var began = Instant.now();
        run = began.getEpochSecond() * 1_000_000L + began.getNano() / 1_000;
        var small = new Prepared(hub, connector, media, template.formatted("4641.00"));
        var large = new Prepared(hub, connector, media, template.formatted("12441.00"));
        prepared = List.of(large, small, small, small);
    }

    static ErpOrders idoc(HubProcess.Address hub) {
        return new ErpOrders(hub, "sap-idoc", "text/xml", IDOC);
    }

    static ErpOrders x12(HubProcess.Address hub) {
        return new ErpOrders(hub, "edi-x12", "application/edi-x12", X12);
    }

    @Override
    public byte[] next() {
        var n = number++;
        var next = prepared.get((int) (n % prepared.size()));
        next.fill(n);
        return next.request;
    }

    private final class Prepared {

        private final byte[] request;
        private final List<Integer> orders;
        private final List<Integer> documents;
        private final List<Integer> controls;

        Prepared(HubProcess.Address hub, String connector, String media, String body) {
            var whole = """
                POST /in/%s HTTP/1.1\r
                Host: 127.0.0.1:%d\r
                Content-Type: %s\r
                Content-Length: %d\r
                Authorization: Basic %s\r
                \r
                %s""".formatted(
                            connector,
                            hub.port(),
                            media,
                            body.length(),
                            Base64.getEncoder().encodeToString(ascii(hub.secret(connector + ".basic"))),
                            body);
            request = ascii(whole);
            orders = places(whole, "N".repeat(22));
            documents = places(whole, "D".repeat(16));
            controls = places(whole, "C".repeat(9));
            places(whole, "G".repeat(9)).forEach(at -> digits(run / 1_000_000, at, 9));
        }

        void fill(long n) {
            var now = SentAt.now();
            for (var at : orders) {
                request[at] = SentAt.IN_NUMBER;
                digits(now / 1_000, at + 1, 11);
                request[at + 12] = '-';
                digits(n, at + 13, 9);
            }
            documents.forEach(at -> digits(run + n, at, 16));
            controls.forEach(at -> digits(n, at, 9));
        }

        private void digits(long value, int at, int count) {
            var rest = value;
            for (var i = at + count - 1; i >= at; i--) {
                request[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
    }

    private static List<Integer> places(String whole, String mark) {
        var places = new ArrayList<Integer>();
        for (var at = whole.indexOf(mark); at >= 0; at = whole.indexOf(mark, at + mark.length())) {
            places.add(at);
        }
        return places;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
