package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.codec.EdiRules.Broken;
import io.dovetail.codec.EdiRules.Fate;
import io.dovetail.codec.EdiRules.Tests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a partner is answered. Every answer is read as strictly as his own interchanges are. */
class EdiAnswerTest {

    private static final Instant AT = Instant.parse("2026-05-18T09:20:30Z");
    private static final String ISA =
            "ISA*00*          *00*          *ZZ*HALDEN         *01*DOVETAIL       *260518*0915*U*00401*000000905*0*P*>~";
    private static final String SETS =
            "ST*850*0001~BEG*00*SA*4711**20260518~PO1*10*two*EA~SE*4*0001~ST*850*0002~BEG*00*SA*4712~SE*3*0002~";
    private static final String X12 =
            ISA + "GS*PO*HALDEN*DOVETAIL*20260518*0915*905*X*004010~" + SETS + "GE*2*905~IEA*1*000000905~";
    private static final String ANSWER_ISA =
            "ISA*00*          *00*          *01*DOVETAIL       *ZZ*HALDEN         *260518*0920*U*00401*000000905*0*P*:~";
    private static final String ANSWER_GS = "GS*FA*DOVETAIL*HALDEN*20260518*0920*905*X*004010~ST*997*0001~AK1*PO*905~";
    private static final String EDIFACT = "UNB+UNOC:3+4012345000009:14+DOVETAIL:ZZ+260518:0915+908'"
            + "UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+4711+9'LIN+1++7?+7:IN'QTY+21:two'UNT+5+1'"
            + "UNH+2+ORDERS:D:96A:UN'BGM+220+4712+9'UNT+3+2'UNZ+2+908'";
    private static final String ANSWER_UNB =
            "UNB+UNOC:3+DOVETAIL:ZZ+4012345000009:14+260518:0920+908'UNH+1+CONTRL:D:3:UN'";

    private static EdiCodec codec(Broken broken) {
        return new EdiCodec(new EdiRules(
                null,
                Map.of(),
                new Fate(broken, Tests.PARK),
                Map.of(),
                Map.of("850", List.of("PO1"), "ORDERS", List.of("LIN")),
                true));
    }

    private static String answer(Broken broken, String text, Objection... objections) throws MalformedException {
        var codec = codec(broken);
        var tree = codec.read(text.getBytes(ISO_8859_1));
        return read(Objects.requireNonNull(codec.acknowledge(tree, () -> List.of(objections), AT)));
    }

    private static String refusal(String text) throws MalformedException {
        return read(Objects.requireNonNull(codec(Broken.INTERCHANGE).refuse(text.getBytes(ISO_8859_1), AT)));
    }

    private static String read(Acknowledgement answer) throws MalformedException {
        if (answer.body().length > 0) {
            codec(Broken.INTERCHANGE).read(answer.body());
        }
        return new String(answer.body(), ISO_8859_1);
    }

    private static Objection breach(String pointer, String rule) {
        return new Objection(pointer, rule, "so it is", false);
    }

    @Test
    void answersEachGroupOfX12WithA997AndEachInterchangeWithATa1WhereItAsks() throws Exception {
        assertThat(answer(Broken.MESSAGE, X12))
                .isEqualTo(ANSWER_ISA + ANSWER_GS + "AK2*850*0001~AK5*A~AK2*850*0002~AK5*A~AK9*A*2*2*2~SE*8*0001~"
                        + "GE*1*905~IEA*1*000000905~");
        assertThat(answer(Broken.MESSAGE, X12.replace("*0*P*>", "*1*P*>")))
                .startsWith(ANSWER_ISA + "TA1*000000905*260518*0915*A*000~GS*FA*");
    }

    @Test
    void tellsWhichSetWhichSegmentAndWhichElementIsRejected() throws Exception {
        assertThat(answer(Broken.MESSAGE, X12, breach("/messages/0/PO1/0/PO102", "pattern")))
                .contains("AK2*850*0001~AK3*PO1*3**8~AK4*2**6~AK5*R*5~AK2*850*0002~AK5*A~AK9*P*2*2*1~SE*10*0001~");
        assertThat(answer(Broken.MESSAGE, X12, breach("/messages/1/BEG/0/BEG05-2", "required")))
                .contains("AK3*BEG*2**8~AK4*5:2**1~AK5*R*5~AK9*P");
        assertThat(answer(Broken.MESSAGE, X12, breach("/messages/1/CTT", "required")))
                .contains("AK3*CTT*1**3~AK5*R*5~");
        assertThat(answer(Broken.MESSAGE, X12, breach("/messages/0/BEG", "maxItems")))
                .contains("AK3*BEG*1**5~AK5*R*5~");
        assertThat(answer(
                        Broken.MESSAGE,
                        X12,
                        breach("/messages/0", Objection.UNSUPPORTED),
                        breach("/messages/1", Objection.UNSUPPORTED)))
                .contains("AK2*850*0001~AK5*R*1~AK2*850*0002~AK5*R*1~AK9*R*2*2*0~");
    }

    @Test
    void tellsWhatIsWrongWithEnvelopesOfX12() throws Exception {
        var count = X12.replace("SE*3*0002", "SE*9*0002");
        assertThat(answer(Broken.MESSAGE, count)).contains("AK5*A~AK2*850*0002~AK5*R*4~AK9*P*2*2*1~");
        assertThat(answer(Broken.NOTHING, count)).contains("AK5*A~AK2*850*0002~AK5*E*4~AK9*E*2*2*2~");
        assertThat(answer(Broken.MESSAGE, X12.replace("SE*3*0002", "SE*3*0003")))
                .contains("AK5*R*3~");
        assertThat(answer(Broken.MESSAGE, X12.replace("SE*3*0002~", ""))).contains("AK5*R*2~AK9*P*2*2*1~");
        assertThat(answer(Broken.MESSAGE, X12.replace("GE*2", "GE*3"))).contains("AK5*R~AK9*R*3*2*0*5~");
        assertThat(answer(Broken.MESSAGE, X12.replace("GE*2*905", "GE*2*906"))).contains("AK9*R*2*2*0*4~");
        assertThat(answer(Broken.MESSAGE, X12.replace("GE*2*905~", ""))).contains("AK9*R*0*2*0*3~");
        assertThat(answer(Broken.NOTHING, X12.replace("IEA*1", "IEA*2")))
                .contains("TA1*000000905*260518*0915*E*021~GS*FA", "AK5*E~AK9*E*2*2*2~");
    }

    @Test
    void refusesAWholeInterchangeOfX12InItsOwnWords() throws Exception {
        assertThat(refusal(X12.replace("IEA*1*000000905", "IEA*1*000000906")))
                .isEqualTo(ANSWER_ISA + "TA1*000000905*260518*0915*R*001~IEA*0*000000905~");
        assertThat(refusal(X12.substring(0, X12.length() - 20))).contains("*R*023~IEA*0");
        assertThat(refusal(X12.replace("ST*850*0002", "N1*850*0002"))).contains("*R*022~IEA*0");
        assertThat(refusal(X12.replace("*X*004010~ST", "*X*004010~st"))).contains("*R*022~IEA*0");
        assertThat(refusal(X12.replace("SE*3*0002", "SE*9*0002")))
                .contains("AK2*850*0001~AK5*R~AK2*850*0002~AK5*R*4~AK9*R*2*2*0~")
                .doesNotContain("TA1*");
        assertThat(codec(Broken.INTERCHANGE).refuse("ISA*00".getBytes(UTF_8), AT))
                .isNull();
    }

    @Test
    void answersInterchangesOfEdifactWithContrl() throws Exception {
        assertThat(answer(Broken.MESSAGE, EDIFACT))
                .isEqualTo(ANSWER_UNB + "UCI+908+4012345000009:14+DOVETAIL:ZZ+7'UCM+1+ORDERS:D:96A:UN:EAN008+7'"
                        + "UCM+2+ORDERS:D:96A:UN+7'UNT+5+1'UNZ+1+908'");
        assertThat(answer(Broken.MESSAGE, EDIFACT, breach("/messages/0/LIN/0/QTY/0/QTY01-2", "pattern")))
                .contains("+7'UCM+1+ORDERS:D:96A:UN:EAN008+4'UCS+4'UCD+12+2:2'UCM+2+ORDERS:D:96A:UN+7'UNT+7+1'");
        assertThat(answer(Broken.MESSAGE, EDIFACT, breach("/messages/1/NAD", "required")))
                .contains("UCM+2+ORDERS:D:96A:UN+4'UCS+1+13'UNT");
        assertThat(answer(Broken.MESSAGE, EDIFACT, breach("/messages/1", Objection.UNSUPPORTED)))
                .contains("UCM+2+ORDERS:D:96A:UN+4+17+UNH+3:1'");
        assertThat(answer(Broken.MESSAGE, EDIFACT.replace("UNT+3+2", "UNT+3+3")))
                .contains("UCM+2+ORDERS:D:96A:UN+4+28+UNT+3'");
        assertThat(answer(Broken.NOTHING, EDIFACT.replace("UNT+3+2", "UNT+3+3")))
                .contains("UCM+2+ORDERS:D:96A:UN+7'");
        assertThat(answer(Broken.MESSAGE, EDIFACT.replace("+908'UNH", "+908++++++1'UNH")))
                .startsWith("UNB+UNOC:3+DOVETAIL:ZZ+4012345000009:14+260518:0920+908++++++1'");
        assertThat(answer(Broken.MESSAGE, EDIFACT.replace("UNOC:3", "UNOC:4")))
                .startsWith("UNB+UNOC:4+DOVETAIL:ZZ+4012345000009:14+20260518:0920+908'UNH+1+CONTRL:4:1:UN'");
    }

    @Test
    void answersGroupsOfEdifactAndRefusesWholeInterchanges() throws Exception {
        var grouped = EDIFACT.replace("UNH+1", "UNG+ORDERS+4012345000009:14+DOVETAIL:ZZ+260518:0915+7+UN+D:96A'UNH+1")
                .replace("UNZ+2", "UNE+2+7'UNZ+1");
        assertThat(answer(Broken.MESSAGE, grouped))
                .contains("UCF+7+4012345000009:14+DOVETAIL:ZZ+7'UCM+1+ORDERS:D:96A:UN:EAN008+7'");
        assertThat(answer(Broken.MESSAGE, grouped.replace("UNE+2", "UNE+3")))
                .contains("+7'UCF+7+4012345000009:14+DOVETAIL:ZZ+4+29+UNE+2'UNT");
        assertThat(refusal(EDIFACT.replace("UNZ+2+908'", "")))
                .isEqualTo(ANSWER_UNB + "UCI+908+4012345000009:14+DOVETAIL:ZZ+4+13+UNZ'UNT+3+1'UNZ+1+908'");
        assertThat(refusal(EDIFACT.replace("UNT+3+2", "UNT+4+2")))
                .contains("+7'UCM+1+ORDERS:D:96A:UN:EAN008+4+18'UCM+2+ORDERS:D:96A:UN+4+29+UNT+2'");
    }

    @Test
    void neverAnswersAnAnswer() throws Exception {
        var x12 = answer(Broken.MESSAGE, X12.replace("*0*P*>", "*1*P*>"));
        var edifact = answer(Broken.MESSAGE, EDIFACT);

        assertThat(answer(Broken.MESSAGE, x12)).isEmpty();
        assertThat(answer(Broken.MESSAGE, x12.replaceAll("TA1[^~]*~", ""))).isEmpty();
        assertThat(answer(Broken.MESSAGE, edifact)).isEmpty();
        assertThat(refusal(edifact.replace("UNZ+1", "UNZ+2"))).isEmpty();
        assertThat(answer(Broken.MESSAGE, x12.replaceAll("TA1[^~]*~", "") + X12.replace("000000905", "000000906")))
                .startsWith("ISA")
                .contains("IEA*1*000000906~")
                .doesNotContain("IEA*1*000000905~");
    }

    @Test
    void writesWhatAPartnerIsCalledWhateverItLooksLike() throws Exception {
        var x12 = X12.replace('*', '|').replace("|HALDEN         |", "|HAL*DEN:~      |");
        assertThat(answer(Broken.MESSAGE, x12.replace('~', '\n').replace("HAL*DEN:\n ", "HAL*DEN:~ ")))
                .contains("|HAL*DEN:~      |", "'AK9|A|2|2|2'");
        assertThat(answer(Broken.MESSAGE, EDIFACT.replace("UNH+2+ORDERS:D:96A:UN'", "UNH+2+ORDERS:D:96A:UN:Mü?'?+??'")))
                .contains("UCM+2+ORDERS:D:96A:UN:Mü?'?+??+7'");
    }

    /** Whatever arrives, the answer can be read. */
    @Test
    void answersBrokenInterchangesWithSoundOnes() throws Exception {
        var random = new Random(5);
        var odd = "*+:~'?\n\r^> \u001d\u00ff9".getBytes(ISO_8859_1);
        for (var n = 0; n < 600; n++) {
            var bytes = (n % 2 == 0 ? X12 : EDIFACT).getBytes(ISO_8859_1);
            for (var i = 0; i <= random.nextInt(3); i++) {
                bytes[random.nextInt(bytes.length)] = odd[random.nextInt(odd.length)];
            }
            var codec = codec(Broken.values()[n % 3]);
            Acknowledgement answer;
            try {
                answer = codec.acknowledge(codec.read(bytes), List::of, AT);
            } catch (MalformedException e) {
                answer = codec.refuse(bytes, AT);
            }
            if (answer != null) {
                read(answer);
            }
        }
    }
}
