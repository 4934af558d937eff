package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.codec.Cutter.Piece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of many documents, cut without ever holding more than one. */
class CutterTest {

    private static final int MOST = 100_000;
    private static final String ISA =
            "ISA*00*          *00*          *ZZ*HALDEN         *ZZ*DOVETAIL       *260518*0915*U*00401*%09d*1*P*>~";
    private static final String X12 = ISA + """
            GS*PO*HALDEN*DOVETAIL*20260518*0915*905*X*004010~
            ST*850*0001~
            BEG*00*SA*0004711**20260518~
            SE*3*0001~
            GE*1*905~
            IEA*1*%<09d~
            """;
    private static final String EDIFACT = """
            UNA:+,? '
            UNB+UNOC:3+4012345000009:14+4098765000003:14+260518:0915+%d'
            UNH+1+ORDERS:D:96A:UN'
            BGM+220+4711+9'
            FTX+DEL+++M\u00fcller?'UNZ+1?''
            UNT+4+1'
            UNZ+1+%<d'
            """;
    private static final String IDOC = """
            <IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><DOCNUM>%016d</DOCNUM></EDI_DC40>
            <E1EDKT2><TDLINE>L\u00e4nge &lt; 4 &amp; &quot;gut&quot;</TDLINE></E1EDKT2></IDOC>
            """;

    private static List<Piece> all(Cutter cutter) throws Exception {
        var pieces = new ArrayList<Piece>();
        for (var piece = cutter.next(); piece != null; piece = cutter.next()) {
            pieces.add(piece);
        }
        return pieces;
    }

    private static List<Piece> edi(String text) throws Exception {
        return all(new EdiCutter(new ByteArrayInputStream(text.getBytes(ISO_8859_1)), MOST));
    }

    private static List<Piece> idocs(String text, Charset charset) throws Exception {
        return all(xml(new ByteArrayInputStream(text.getBytes(charset)), MOST));
    }

    private static Cutter xml(InputStream in, int most) throws Exception {
        return new XmlCutter(in, "IDOC", List.of("EDI_DC40", "DOCNUM"), most);
    }

    private static List<String> texts(List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> new String(piece.body(), ISO_8859_1))
                .toList();
    }

    @Test
    void cutsInterchangesByteForByte() throws Exception {
        var first = X12.formatted(7).strip();
        var second = EDIFACT.formatted(8).strip();
        var third = EDIFACT.formatted(9).strip().substring(9).stripLeading();
        var fourth = X12.formatted(10).replace("~\n", "\n").replace("~", "\n");
        var pieces = edi("\u00ef\u00bb\u00bf" + first + "\r\n\r\n" + second + third + "\n" + fourth);
        assertThat(texts(pieces)).containsExactly(first, second, third, fourth);
        assertThat(pieces).extracting(Piece::number).containsExactly("000000007", "8", "9", "000000010");
        for (var piece : pieces) {
            assertThat(new EdiCodec(EdiRules.DEFAULT).read(piece.body()).path("messages"))
                    .hasSize(1);
        }
    }

    /** As some gateways cut blanks, end segments and break lines. */
    @ParameterizedTest
    @CsvSource({"'  ',' '", "'~','~\r\n'", "'~','\u00e2\u0080\u00a6'"})
    void findsTheEndHoweverItIsWritten(String piece, String by) throws Exception {
        var text = X12.formatted(7).replaceAll(" +\\*", "*").replace(piece, by);
        assertThat(edi(text + "\n" + text))
                .hasSize(2)
                .allMatch(one -> one.number().equals("000000007"));
    }

    @Test
    void letsAnInterchangeWithoutItsEndGoAsFarAsTheNextOne() throws Exception {
        var open = X12.formatted(7).replaceAll("IEA.*\n", "");
        assertThat(edi(open + X12.formatted(8) + EDIFACT.formatted(9).replaceAll("UNZ.*'\n$", "")))
                .extracting(Piece::number)
                .containsExactly("000000007", "000000008", "9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lines between | line 7: an interchange begins with",
                "ISA*00*  | no. 2, which begins at line 7, cannot be read: it ends in the middle of its header",
                "UNA:+,? 'UNH+1 | behind UNA comes UNB"
            })
    void saysWhatIsBetweenThem(String between, String expected) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> edi(X12.formatted(7) + between))
                .withMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISA*", "UNB+UNOC:3+", "UNA:+.? '\n\n", "ISA*00*1*2*3*4*5*6*7*8*9*1*2*3*4*5*P*>~GS*"})
    void holdsNoMoreThanIsTaken(String beginning) throws Exception {
        var in = new Endless(beginning, "x");
        var cutter = new EdiCutter(in, MOST);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(cutter::next);
        assertThat(in.given).isLessThan(MOST + 200_000);
    }

    @Test
    void cutsADocumentAndKeepsWhatItStandsIn() throws Exception {
        var text =
                "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><s:Envelope xmlns:s=\"urn:s\"><s:Header>no</s:Header>"
                        + "<ORDERS05 xmlns:z=\"urn:z\" z:by=\"a&quot;b\">" + IDOC.formatted(1) + "<!-- said -->"
                        + IDOC.formatted(2)
                        + "</ORDERS05></s:Envelope>";
        var pieces = idocs(text, ISO_8859_1);
        assertThat(pieces).extracting(Piece::number).containsExactly("0000000000000001", "0000000000000002");
        var codec = new XmlCodec(Set.of("IDOC"));
        var tree = codec.read(pieces.getLast().body()).at("/Envelope/ORDERS05");
        assertThat(tree.path("@by").asText()).isEqualTo("a\"b");
        assertThat(tree.path("IDOC")).hasSize(1);
        assertThat(tree.at("/IDOC/0"))
                .isEqualTo(codec.read(text.getBytes(ISO_8859_1)).at("/Envelope/ORDERS05/IDOC/1"));
        assertThat(tree.at("/IDOC/0/E1EDKT2/TDLINE").asText()).isEqualTo("L\u00e4nge < 4 & \"gut\"");
        assertThat(idocs(text.replace("ISO-8859-1", "UTF-16"), UTF_16)).hasSize(2);
        assertThat(idocs("\ufeff" + text.replace("ISO-8859-1", "utf-8"), UTF_8)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<A><IDOC>1</IDOC> | line 1 | it ends in the middle",
                "<A><IDOC>1</A> | line 1 | not closed in its place",
                "<!DOCTYPE A [<!ENTITY e 'x'>]><A><IDOC>&e;</IDOC></A> | line 1 | DOCTYPE",
                "<A><IDOC>&e;</IDOC></A> | line 1 | entities",
                "<?xml version=\"1.1\"?><A/> | line 1 | only XML 1.0",
                "<?xml version=\"1.0\" encoding=\"EBCDIC\"?><A/> | line 1 | this encoding is not read",
                "<A><IDOC>\u00fc</IDOC></A> | cannot be read | not in the declared encoding",
                "<A/><A/> | line 1 | after the end of the document",
                "nothing | line 1 | not well-formed"
            })
    void saysWhatIsWrongInXml(String text, String where, String what) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> idocs(text, ISO_8859_1))
                .withMessageContaining(where)
                .withMessageContaining(what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<A><!--",
                "<A b=\"",
                "<A><?p ",
                "<A><IDOC>",
                "<A><IDOC><B c=\"",
                "<A><![CDATA[",
                "<A><IDOC><!--",
                "<"
            })
    void holdsNoMoreOfXmlThanIsTaken(String beginning) throws Exception {
        var in = new Endless(beginning, "x");
        var cutter = xml(in, MOST);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> {
            while (in.given < 20L * MOST) {
                cutter.next();
            }
        });
        assertThat(in.given).isLessThan(beginning.endsWith("CDATA[") ? 21L * MOST : 3L * MOST);
    }

    /** A few bytes each would be stored with all that stands around them. */
    @Test
    void repeatsNoMoreOfWhatStandsAroundThanTheDocumentHas() throws Exception {
        var around = "<A b=\"" + "x".repeat(20_000) + "\">";
        assertThat(all(xml(new Repeated(around, "<IDOC/>", "</A>", 3), MOST))).hasSize(3);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> all(xml(new Repeated(around, "<IDOC/>", "</A>", 1000), MOST)))
                .withMessageContaining("what stands around each IDOC would be repeated");
        var nested = new Endless("", around);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> all(xml(nested, MOST)))
                .withMessageContaining("what stands around has more than");
    }

    /** Never further in the stream than what has come out of it: so memory is flat, however long it is. */
    /** A fault of the file and not of the disk: it is not read again and again. */
    @Test
    void refusesAnElementOfTooManyAttributes() {
        for (var attribute : List.of(" a%d=''", " xmlns:a%d='x'")) {
            var attributes =
                    IntStream.range(0, 201).mapToObj(attribute::formatted).collect(Collectors.joining());
            assertThatThrownBy(() -> idocs("<R><IDOC" + attributes + "/></R>", UTF_8))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("more than 200 attributes");
        }
    }

    @Test
    void readsNoFurtherThanItHasCut() throws Exception {
        var many = new Repeated("<ORDERS05>", IDOC.formatted(42), "</ORDERS05>", 20_000);
        var cutter = xml(many, MOST);
        var cut = 0L;
        var count = 0;
        for (var piece = cutter.next(); piece != null; piece = cutter.next()) {
            count++;
            cut += IDOC.formatted(42).getBytes(UTF_8).length;
            assertThat(many.given - cut).isLessThan(200_000);
        }
        assertThat(count).isEqualTo(20_000);

        var interchanges = new Repeated("", X12.formatted(42), "", 20_000);
        cut = 0;
        var edi = new EdiCutter(interchanges, MOST);
        for (var piece = edi.next(); piece != null; piece = edi.next()) {
            cut += piece.body().length;
            assertThat(interchanges.given - cut).isLessThan(200_000);
        }
        assertThat(cut).isEqualTo(20_000L * X12.formatted(42).strip().length());
    }

    /** A beginning, and then the same for ever. */
    private static final class Endless extends InputStream {

        private final byte[] beginning;
        private final byte[] more;
        private long given;

        Endless(String beginning, String more) {
            this.beginning = beginning.getBytes(UTF_8);
            this.more = more.getBytes(UTF_8);
        }

        @Override
        public int read() {
            var at = given++;
            return at < beginning.length ? beginning[(int) at] : more[(int) ((at - beginning.length) % more.length)];
        }
    }

    /** One text many times between two others, which nobody ever has in memory. */
    private static final class Repeated extends InputStream {

        private final SequenceInputStream all;
        private long given;

        Repeated(String begin, String text, String end, int times) {
            this.all = new SequenceInputStream(new Enumeration<>() {
                private int next;

                @Override
                public boolean hasMoreElements() {
                    return next < times + 2;
                }

                @Override
                public InputStream nextElement() {
                    var i = next++;
                    return new ByteArrayInputStream((i == 0 ? begin : i <= times ? text : end).getBytes(UTF_8));
                }
            });
        }

        @Override
        public int read() throws IOException {
            var b = all.read();
            given += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            var read = all.read(into, from, length);
            given += Math.max(0, read);
            return read;
        }
    }
}
