package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.EdiRules.Broken;
import io.dovetail.codec.EdiRules.Fate;
import io.dovetail.codec.EdiRules.Tests;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EdiCodecTest {

    private static final String ISA =
            "ISA*00*          *00*          *ZZ*HALDEN         *ZZ*DOVETAIL       *260518*0915*U*00401*000000905*1*P*>~";
    private static final String X12 = ISA + """

            GS*PO*HALDEN*DOVETAIL*20260518*0915*905*X*004010~
            ST*850*0001~
            BEG*00*SA*0004711**20260518~
            N1*BY*Halden~
            N4*Kiel~
            PO1*10*2*EA*9.50~
            PID*F****Seal~
            N1*ST*Gate 3~
            N4*Hamburg~
            PO1*20*1*EA~
            CTT*2~
            SE*11*0001~
            GE*1*905~
            IEA*1*000000905~
            """;
    private static final String EDIFACT = """
            UNA:+,? '
            UNB+UNOC:3+4012345000009:14+4098765000003:14+260518:0915+908'
            UNH+1+ORDERS:D:96A:UN:EAN008'
            BGM+220+4711+9'
            FTX+DEL+++Who calls??: Müller?'s ?+49:gate'
            LIN+1++771204:IN'
            QTY+21:12,50:PCE'
            UNS+S'
            UNT+7+1'
            UNZ+1+908'
            """;

    private final EdiCodec codec = codec(Broken.INTERCHANGE);

    private static EdiCodec codec(Broken broken) {
        return new EdiCodec(new EdiRules(
                null,
                Map.of(),
                new Fate(broken, Tests.PARK),
                Map.of("habit", new Fate(Broken.NOTHING, Tests.IGNORE)),
                Map.of("850", List.of("N1", "PO1", "PO1/N1", "CTT"), "ORDERS", List.of("LIN")),
                false));
    }

    private static JsonNode json(String text) throws MalformedException {
        return new JsonCodec().read(text.getBytes(UTF_8));
    }

    private JsonNode x12(String text) throws MalformedException {
        return codec.read(text.getBytes(UTF_8));
    }

    private JsonNode edifact(String text) throws MalformedException {
        return codec.read(text.getBytes(ISO_8859_1));
    }

    private void refuses(String text, String... pieces) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> edifact(text))
                .satisfies(e -> assertThat(e.getMessage()).contains(pieces).doesNotContain("EDIE0", "java"));
    }

    @Test
    void readsAnX12InterchangeIntoMessagesWithNestedLoops() throws Exception {
        assertThat(x12(X12).at("/messages/0")).isEqualTo(json("""
                {"interchange": {"standard": "X12", "control": "000000905", "version": "00401", "sender": "HALDEN",
                  "senderQualifier": "ZZ", "receiver": "DOVETAIL", "receiverQualifier": "ZZ", "date": "260518",
                  "time": "0915", "acknowledge": true, "test": false},
                 "group": {"control": "905", "type": "PO", "sender": "HALDEN", "receiver": "DOVETAIL",
                  "date": "20260518", "time": "0915", "version": "004010"},
                 "control": "0001", "type": "850", "version": "004010",
                 "ST": [{"ST01": "850", "ST02": "0001"}],
                 "BEG": [{"BEG01": "00", "BEG02": "SA", "BEG03": "0004711", "BEG05": "20260518"}],
                 "N1": [{"N101": "BY", "N102": "Halden", "N4": [{"N401": "Kiel"}]}],
                 "PO1": [
                  {"PO101": "10", "PO102": "2", "PO103": "EA", "PO104": "9.50", "PID": [{"PID01": "F", "PID05": "Seal"}],
                   "N1": [{"N101": "ST", "N102": "Gate 3", "N4": [{"N401": "Hamburg"}]}]},
                  {"PO101": "20", "PO102": "1", "PO103": "EA"}],
                 "CTT": [{"CTT01": "2", "SE": [{"SE01": "11", "SE02": "0001"}]}]}
                """));
    }

    @Test
    void readsAnEdifactInterchangeWithItsOwnDelimitersReleaseCharacterAndCharset() throws Exception {
        var message = edifact(EDIFACT).at("/messages/0");

        assertThat(message.at("/interchange")).isEqualTo(json("""
                {"standard": "EDIFACT", "control": "908", "syntax": "UNOC", "version": "3", "sender": "4012345000009",
                 "senderQualifier": "14", "receiver": "4098765000003", "receiverQualifier": "14", "date": "260518",
                 "time": "0915", "acknowledge": false, "test": false}
                """));
        assertThat(message.path("type").textValue()).isEqualTo("ORDERS");
        assertThat(message.path("version").textValue()).isEqualTo("D.96A");
        assertThat(message.path("association").textValue()).isEqualTo("EAN008");
        assertThat(edifact(EDIFACT.replace("+4098", "+M?'?+4098"))
                        .at("/interchanges/0/receiver")
                        .textValue())
                .isEqualTo("M'+4098765000003");
        assertThat(message.at("/FTX/0")).isEqualTo(json("""
                {"FTX01": "DEL", "FTX04": "Who calls?", "FTX04-2": " Müller's +49", "FTX04-3": "gate"}
                """));
        assertThat(message.at("/LIN/0")).isEqualTo(json("""
                {"LIN01": "1", "LIN03": "771204", "LIN03-2": "IN",
                 "QTY": [{"QTY01": "21", "QTY01-2": "12,50", "QTY01-3": "PCE"}],
                 "UNS": [{"UNS01": "S"}], "UNT": [{"UNT01": "7", "UNT02": "1"}]}
                """));
    }

    @Test
    void takesDelimitersAndLinesAsTheyAre() throws Exception {
        var expected = x12(X12);

        assertThat(x12(X12.replace("~\n", "~"))).isEqualTo(expected);
        assertThat(x12(X12.replace("~\n", "~\r\n"))).isEqualTo(expected);
        assertThat(x12(X12.replace("~\n", "\n"))).isEqualTo(expected);
        assertThat(x12(X12.replace('*', '|').replace('~', '\u001c'))).isEqualTo(expected);
        assertThat(x12("\uFEFF" + X12.replace('~', '…'))).isEqualTo(expected);
        assertThat(x12(X12.replaceAll(" +\\*", "*"))).as("blanks of ISA cut").isEqualTo(expected);
        var wrapped = X12.replace("~\n", "~").replaceAll("(.{80})", "$1\r\n");
        assertThat(x12(wrapped)).as("wrapped at 80 columns").isEqualTo(expected);
        assertThat(edifact(EDIFACT.replace("UNA:+,? '\n", "").replace("\n", "")))
                .isEqualTo(edifact(EDIFACT));
    }

    @Test
    void readsTheCharsetThatUnbNames() throws Exception {
        var text = EDIFACT.replace("UNOC:3", "UNOY:4")
                .replace("UNA:+,? '", "UNA:+,?*'")
                .replace("gate", "ship 🚢");

        assertThat(codec.read(text.getBytes(UTF_8))
                        .at("/messages/0/FTX/0/FTX04-3")
                        .textValue())
                .isEqualTo("ship 🚢");
        assertThat(codec.read(text).at("/messages/0/FTX/0/FTX04-2").textValue()).isEqualTo(" Müller's +49");
        refuses(EDIFACT.replace("UNOC", "UNOA"), "line 5", "US-ASCII", "edi.charset");
        refuses(EDIFACT.replace("UNOC", "UNOX"), "UNB01 names no character set");
        var forced =
                new EdiCodec(new EdiRules(ISO_8859_1, Map.of(), EdiRules.DEFAULT.fate(), Map.of(), Map.of(), false));
        assertThat(forced.read(EDIFACT.replace("UNOC", "UNOA").getBytes(ISO_8859_1))
                        .at("/messages/0/FTX/0/FTX04-2")
                        .textValue())
                .isEqualTo(" Müller's +49");
    }

    @Test
    void readsWhatAPartnerWritesWhateverItSays() throws Exception {
        var codec = new EdiCodec(new EdiRules(
                US_ASCII,
                Map.of("4012345000009", ISO_8859_1, "halden", Charset.forName("windows-1252")),
                EdiRules.DEFAULT.fate(),
                Map.of(),
                Map.of(),
                false));
        var text = EDIFACT.replace("UNOC", "UNOA");
        assertThat(codec.read(text.getBytes(ISO_8859_1))
                        .at("/messages/0/FTX/0/FTX04-2")
                        .textValue())
                .isEqualTo(" Müller's +49");
        assertThat(codec.read(text.substring(10)
                                .replace("+,", "+")
                                .replace(",50", "")
                                .getBytes(ISO_8859_1))
                        .at("/messages/0/FTX/0/FTX04-2")
                        .textValue())
                .isEqualTo(" Müller's +49");
        var euros = X12.replace("Kiel", "Kiel \u20ac");
        assertThat(codec.read(euros.getBytes("windows-1252")).findValuesAsText("N401"))
                .startsWith("Kiel \u20ac");
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() ->
                        codec.read(euros.replace("*HALDEN    ", "*OTHER     ").getBytes("windows-1252")))
                .withMessageContaining("US-ASCII");
    }

    @Test
    void keepsRepetitionsApart() throws Exception {
        var text = EDIFACT.replace("UNOC:3", "UNOC:4")
                .replace("UNA:+,? '", "UNA:+,?*'")
                .replace("DEL+++", "a*b*c:2+++");

        assertThat(edifact(text).at("/messages/0/FTX/0").toString())
                .startsWith("{\"FTX01\":\"a\",\"repeated\":[{\"FTX01\":\"b\"},{\"FTX01\":\"c\",\"FTX01-2\":\"2\"}],");
    }

    @Test
    void readsSeveralInterchangesAndAnAnswerWithoutAGroup() throws Exception {
        var answer = ISA.replace("905", "906") + "TA1*000000050*260518*1200*A*000~IEA*1*000000906~";
        var tree = x12(X12 + answer);

        assertThat(tree.path("interchanges")).hasSize(2);
        assertThat(tree.at("/messages/1/type").textValue()).isEqualTo("TA1");
        assertThat(tree.at("/messages/1/interchange/control").textValue()).isEqualTo("000000906");
    }

    @Test
    void refusesWrongCountsAndNumbersAndSaysInWhichElement() {
        refuses(X12.replace("SE*11", "SE*33"), "line 13, segment 13 (SE)", "SE01 counts 33 segments, but there are 11");
        refuses(X12.replace("SE*11*0001", "SE*11*0002"), "SE02 is 0002, but ST02 is 0001");
        refuses(X12.replace("GE*1*", "GE*2*"), "(GE)", "GE01 counts 2 messages, but there are 1");
        refuses(X12.replace("GE*1*905", "GE*1*9"), "GE02 is 9, but GS06 is 905");
        refuses(X12.replace("IEA*1*000000905", "IEA*1*000000906"), "IEA02 is 000000906, but ISA13 is 000000905");
        refuses(EDIFACT.replace("UNT+7+1", "UNT+7+2"), "UNT02 is 2, but UNH01 is 1");
        refuses(EDIFACT.replace("UNZ+1+", "UNZ+3+"), "UNZ01 counts 3 messages, but there are 1");
    }

    @Test
    void refusesWhatIsNotClosedOrStandsNowhere() {
        refuses(EDIFACT.replace("UNZ+1+908'\n", ""), "the interchange 908 has no UNZ: it was cut off");
        refuses(EDIFACT.substring(0, 120), "the interchange 908 has no UNZ");
        refuses(EDIFACT.replace("UNT+7+1'\n", ""), "the message 1, begun at line 3, segment 3 (UNH), has no UNT");
        refuses(EDIFACT.replace("UNH+1+ORDERS:D:96A:UN:EAN008'\n", ""), "(BGM)", "outside of any message");
        refuses(EDIFACT.replace("BGM+", "bgm+"), "line 4", "capital letters");
        refuses(EDIFACT.replace("gate", "ga\u0007te"), "line 5", "control character");
        refuses(EDIFACT + "and more", "behind segment");
        refuses(EDIFACT.replace("UNA:+,? '\n", "").replace("+4098", "+M?'4098"), "(UNB)", "release character");
        refuses("", "is empty");
        refuses(" \r\n", "is empty");
        refuses(X12.replace('*', 'x'), "divides by 'x': no letter");
        refuses("{}", "begins with ISA, UNA or UNB");
        refuses("STX=ANA:1+5000000000000:X'", "begins with ISA, UNA or UNB");
        refuses("ISA", "line 1");
        refuses("UNA", "line 1");
    }

    @Test
    void keepsTheOtherMessagesWhereTheConnectorSaysSo() throws Exception {
        var second = "UNH+2+ORDERS:D:96A:UN'BGM+220+4712'UNT+3+2'\n";
        var text = EDIFACT.replace("UNT+7+1", "UNT+9+1").replace("UNZ+1+", second + "UNZ+2+");

        refuses(text, "UNT01 counts 9 segments");
        var lenient = codec(Broken.MESSAGE);
        var messages = lenient.read(text.getBytes(ISO_8859_1)).path("messages");
        assertThat(lenient.objection(messages.get(0)))
                .isEqualTo(new Objection(
                        "",
                        "envelope",
                        "At line 9, segment 9 (UNT): UNT01 counts 9 segments, but there are 7.",
                        false));
        assertThat(lenient.objection(messages.get(1))).isNull();
    }

    @Test
    void letsAWrongGroupFallOnItsMessagesAlone() throws Exception {
        var sound = X12.substring(X12.indexOf("GS*"), X12.indexOf("IEA*"));
        var text = X12.replace("GE*1*905", "GE*2*905").replace("IEA*1", sound.replace("905", "906") + "IEA*2");

        var messages = codec(Broken.MESSAGE).read(text.getBytes(UTF_8)).path("messages");
        assertThat(messages.get(0).path("fault").asText())
                .isEqualTo("At line 14, segment 14 (GE): GE01 counts 2 messages, but there are 1.");
        assertThat(messages.get(1).has("fault")).isFalse();
    }

    @Test
    void takesAllFromAPartnerWhoseHabitItIsAndNotesWhatWasWrong() throws Exception {
        var habit = EDIFACT.replace("4012345000009", "HABIT");

        for (var wrong : List.of(
                habit.replace("UNT+7", "UNT+9"), habit.replace("UNZ+1", "UNZ+2"), habit.replace("UNZ+1+908'\n", ""))) {
            var message = edifact(wrong).at("/messages/0");
            assertThat(message.path("noted").asText()).containsAnyOf("UNT01 counts 9", "UNZ01 counts 2", "has no UNZ");
            assertThat(codec.objection(message)).isNull();
        }
        assertThat(edifact(habit).at("/messages/0").has("noted")).isFalse();
        refuses(habit.substring(0, habit.length() - 6), "line 10");
        refuses(habit.replace("UNZ+1+908'\n", "") + "UNT", "behind segment 9");
    }

    @Test
    void objectsToTests() throws Exception {
        var test = X12.replace("*1*P*>", "*1*T*>");

        assertThat(codec.objection(x12(X12).at("/messages/0"))).isNull();
        var parked = codec.objection(x12(test).at("/messages/0"));
        assertThat(parked).isNotNull();
        assertThat(parked.ignored()).isFalse();
        assertThat(parked.reason()).contains("000000905", "test");
        var ignored = codec.objection(
                x12(test.replace("*HALDEN         *", "*HABIT          *")).at("/messages/0"));
        assertThat(ignored).isNotNull();
        assertThat(ignored.ignored()).isTrue();
        var edifact = edifact(EDIFACT.replace("+908'\nUNH", "+908++++++1'\nUNH"));
        assertThat(codec.objection(edifact.at("/messages/0"))).isNotNull();
    }

    @Test
    void saysWhereANodeStands() {
        var bytes = X12.getBytes(UTF_8);

        assertThat(codec.place(bytes, "/messages/0/PO1/1/PO102")).isEqualTo("line 11, segment 11 (PO1)");
        assertThat(codec.place(bytes, "/messages/0/PO1/0/N1/0/N4/0")).isEqualTo("line 10, segment 10 (N4)");
        assertThat(codec.place(bytes, "/messages/0")).isEqualTo("line 3, segment 3 (ST)");
        assertThat(codec.place(bytes, "/messages/7")).isEmpty();
        assertThat(codec.line(bytes, "/messages/0/BEG/0")).hasValue(4);
    }

    @Test
    void limitsWhatItTakesIn() {
        var head = "UNB+UNOC:3+A+B+260518:0915+1'UNH+1+ORDERS:D:96A:UN'";
        refuses(head + "AAA'".repeat(200_000), "more than 200000 segments");
        refuses(head + ("AAA+" + "x+".repeat(90) + "'").repeat(6_000), "more than 500000 elements");
        refuses(head + "FTX" + "+x".repeat(100) + "'", "more than 99 elements");
        refuses(head + "FTX+" + "x".repeat(5_000) + "'", "longer than 4096 characters");
        refuses("UNB+UNOC:3+" + ":".repeat(1 << 20), "no segment ends within 65536 bytes");
        refuses("UNB+UNOC:3+A+B+260518:0915+1'" + "\n".repeat(1 << 20), "no segment ends within 65536 bytes");
    }

    /** Whatever arrives: a tree, or a refusal. */
    @Test
    void meetsBrokenInterchangesWithNothingButARefusal() {
        var random = new Random(7);
        var odd = "*+:~'?\n\r^> \0\u001d\u00ff".getBytes(ISO_8859_1);
        for (var n = 0; n < 5_000; n++) {
            var bytes = (n % 2 == 0 ? X12 : EDIFACT).getBytes(ISO_8859_1);
            for (var i = 0; i <= random.nextInt(5); i++) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? odd[random.nextInt(odd.length)] : (byte) random.nextInt(256);
            }
            try {
                var tree = codec.read(bytes);
                tree.path("messages").forEach(codec::objection);
                codec.place(bytes, "/messages/0/PO1/0");
            } catch (MalformedException e) {
                assertThat(e.getMessage()).hasSizeLessThan(400);
            }
        }
    }
}
