package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlCodecTest {

    private final XmlCodec codec = new XmlCodec(Set.of("IDOC", "E1EDP01"));

    @Test
    void readsElementsAttributesAndTextIntoOneTree() throws Exception {
        var tree = read("""
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- who -->
                <ORDERS05>
                  <IDOC BEGIN="1">
                    <EDI_DC40 SEGMENT="1"><DOCNUM>0000000000000001</DOCNUM></EDI_DC40>
                    <E1EDP01><POSEX>00010</POSEX></E1EDP01>
                    <NOTE lang="en">keep <![CDATA[<this>]]> &amp; that </NOTE>
                    <EMPTY/><TWO>a</TWO><TWO>b</TWO>
                  </IDOC>
                </ORDERS05>
                """);

        assertThat(tree).isEqualTo(new JsonCodec().read("""
                {"ORDERS05": {"IDOC": [{
                    "@BEGIN": "1",
                    "EDI_DC40": {"@SEGMENT": "1", "DOCNUM": "0000000000000001"},
                    "E1EDP01": [{"POSEX": "00010"}],
                    "NOTE": {"@lang": "en", "#text": "keep <this> & that "},
                    "EMPTY": "",
                    "TWO": ["a", "b"]}]}}
                """.getBytes(UTF_8)));
    }

    @Test
    void losesPrefixesAndNamespaces() throws Exception {
        assertThat(read("<s:Env xmlns:s='urn:s' xmlns='urn:d' s:x='1'><Body>t<b/>u</Body></s:Env>")
                        .toString())
                .isEqualTo("{\"Env\":{\"@x\":\"1\",\"Body\":{\"b\":\"\",\"#text\":\"tu\"}}}");
    }

    @Test
    void neverMakesAListOfTheRoot() throws Exception {
        assertThat(read("<IDOC><A/></IDOC>").toString()).isEqualTo("{\"IDOC\":{\"A\":\"\"}}");
    }

    @Test
    void readsDeclaredEncodings() throws Exception {
        assertThat(codec.read("<?xml version='1.0' encoding='ISO-8859-1'?><a>ä</a>".getBytes(ISO_8859_1))
                        .get("a")
                        .textValue())
                .isEqualTo("ä");
        assertThat(codec.read("<?xml version='1.0' encoding='UTF-16'?><a>ä</a>".getBytes(UTF_16))
                        .get("a")
                        .textValue())
                .isEqualTo("ä");
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> read("<?xml version='1.0' encoding='IBM037'?><a/>"));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> codec.read("<?xml version='1.0' encoding='UTF-8'?><a>ä</a>".getBytes(ISO_8859_1)))
                .withMessageContaining("line 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                      | is empty
            `  `                                                    | is empty
            `<!DOCTYPE a><a/>`                                      | DOCTYPE
            `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`          | DOCTYPE
            `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>` | DOCTYPE
            `<!DOCTYPE a [<!ENTITY x "x"><!ENTITY y "&x;&x;">]><a>&y;</a>`     | DOCTYPE
            `<a>&e;</a>`                                            | entities
            `<a><b></a>`                                            | line 1, column
            `<a>`                                                   | line 1
            `<a/><b/>`                                              | more after the end
            `<a/>x`                                                 | more after the end
            `x<a/>`                                                 | line 1
            `{"a":1}`                                               | line 1
            `<a b='1' b='2'/>`                                      | an attribute occurs twice
            `<a xmlns:p='u' b='1' p:b='2'/>`                        | differ in their prefix alone
            `<p:a/>`                                                | a prefix is not declared
            `<a>&#0;</a>`                                           | a character that XML does not allow
            `<a>&#x1F;</a>`                                         | a character that XML does not allow
            `<?xml version="1.1"?><a/>`                             | only XML 1.0
            `<a><b>`                                                | ends in the middle of the document
            """)
    void refusesAndSaysWhere(String text, String piece) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining(piece)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("JAXP", "java", "passwd", "Message:"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `<a>x&#x1F;y&#31;z&#0;</a>`                             | `x\uFFFDy\uFFFDz\uFFFD`
            `<a>\u0001&#9;&amp;&#228;&#x1F600;</a>`                 | `\uFFFD\t&ä\uD83D\uDE00`
            `<a b='&#xD800;'/>`                                     | `{"@b":"\uFFFD"}`
            `<a>&#x110000;&#99999999;\uFFFE</a>`                    | `\uFFFD\uFFFD\uFFFD`
            `<a><![CDATA[&#31;\u0002]]>&#31;</a>`                   | `&#31;\uFFFD\uFFFD`
            `<a><!-- <![CDATA[ -->&#31;</a>`                        | `\uFFFD`
            """)
    void putsUPlusFffdForIllegalCharactersIfItIsToldTo(String text, String value) throws Exception {
        var tolerant = new XmlCodec(Set.of(), true);

        var tree = tolerant.read(text.getBytes(UTF_8)).get("a");

        assertThat(tree.isTextual() ? tree.textValue() : tree.toString()).isEqualTo(value);
    }

    @Test
    void keepsLinesAndRefusesTheRestWhereItPutsUPlusFffd() throws Exception {
        var tolerant = new XmlCodec(Set.of("B"), true);

        assertThat(tolerant.line("<a>&#31;\n<B>\u0001</B>\n<B/></a>".getBytes(UTF_8), "/a/B/1"))
                .hasValue(3);
        for (var text :
                List.of("<a>&#31", "<a>&#;</a>", "<a>&#xG1;</a>", "<!-- &#31;", "<![CDATA[&#31;", "<a\u0001/>")) {
            assertThatExceptionOfType(MalformedException.class)
                    .as(text)
                    .isThrownBy(() -> tolerant.read(text.getBytes(UTF_8)));
        }
    }

    @Test
    void looksForIllegalCharactersInNoMoreThanOnePass() throws Exception {
        var tolerant = new XmlCodec(Set.of(), true);
        for (var piece : List.of("<!--", "<![CDATA[", "&#", "&#0000", "&#31;\u0001")) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> tolerant.read(piece.repeat(1 << 20).getBytes(UTF_8)));
        }
    }

    @Test
    void looksForUtf8InWhateverSaysNothingSound() {
        for (var head :
                List.of("", "<?xml version='1.0' encoding='UTF-8x'?>", "\u00FE", "\u00FF", "\u00EF\u00BB\u00BF")) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> codec.read((head + "<a>\u00C3</a>").getBytes(ISO_8859_1)))
                    .withMessageContaining("not UTF-8");
        }
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> codec.read("\u00FE\u00FF<a>".getBytes(ISO_8859_1)))
                .withMessageContaining("not UTF-16");
    }

    @Test
    void refusesWhatIsNotInTheEncodingThatItDeclares() {
        var behindAMark = "<?xml version='1.0' encoding='UTF-8'?><a/>".getBytes(UTF_16);
        var withoutAMark = "<?xml version='1.0' encoding='UTF-16'?><a/>".getBytes(UTF_8);
        var tooFarBehind = ("<?xml version='1.0' " + " ".repeat(400) + "encoding='ISO-8859-1'?><a/>").getBytes(UTF_8);
        for (var raw : List.of(behindAMark, withoutAMark, tooFarBehind)) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> codec.read(raw))
                    .withMessageContaining("not in the encoding that it declares");
        }
    }

    /** The JDK's parser prints a line to standard error, and so into the log, about each byte that it cannot read. */
    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void givesTheParserNothingToPrint() {
        var heads = List.of(
                "",
                "<?xml version='1.0' encoding='US-ASCII'?>",
                "<?xml version='1.0' " + " ".repeat(400) + "encoding='US-ASCII'?>",
                "<?xml version='encoding=\"ISO-8859-1\"' encoding='UTF-8'?>",
                "<?xml version='1.0' x='encoding=\"windows-1252\"' encoding='UTF-16LE'?>",
                "<?xml version='1.0' encoding='UTF-16'?>");
        var marks =
                List.of("", "\u00FE\u00FF", "\u00FF\u00FE", "\u00FF\u00FE\0\0", "\u00EF\u00BB\u00BF", "\u00EF", "\0<");
        var err = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(new OfThisThread(Thread.currentThread(), printed, err), true));
        try {
            for (var mark : marks) {
                for (var head : heads) {
                    var raw = (mark + head + "<a>\u00C3</a>").getBytes(ISO_8859_1);
                    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> codec.read(raw));
                    codec.line(raw, "/a");
                }
            }
        } finally {
            System.setErr(err);
        }
        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    /** Keeps what one thread writes; what others write goes on. */
    private static final class OfThisThread extends OutputStream {

        private final Thread thread;
        private final OutputStream kept;
        private final OutputStream others;

        OfThisThread(Thread thread, OutputStream kept, OutputStream others) {
            this.thread = thread;
            this.kept = kept;
            this.others = others;
        }

        @Override
        public void write(int b) throws IOException {
            (Thread.currentThread() == thread ? kept : others).write(b);
        }
    }

    @Test
    void limitsDepthAttributesAndNames() throws Exception {
        read("<a>".repeat(64) + "</a>".repeat(64));
        refuses("<a>".repeat(65) + "</a>".repeat(65), "deeper than 64 levels");
        refuses("<a>".repeat(100_000), "deeper than 64 levels");
        var attributes = new StringBuilder();
        for (var i = 0; i < 201; i++) {
            attributes.append(" a").append(i).append("=''");
        }
        refuses("<a" + attributes + "/>", "more than 200 attributes");
        refuses("<" + "a".repeat(300) + "/>", "limit");
    }

    private static String namespaces(int count, String value) {
        var all = new StringBuilder();
        for (var i = 0; i < count; i++) {
            all.append(" xmlns:n").append(i).append("='").append(value).append("'");
        }
        return all.toString();
    }

    /** The parser compares each with all before it, without a limit: 200,000 would take it half a minute. */
    @Test
    void limitsNamespacesAsItDoesAttributes() throws Exception {
        read("<a" + namespaces(200, "x") + "/>");
        refuses("<a" + namespaces(201, "x") + "/>", "an element has more than 200 attributes");
        refuses("<a" + namespaces(200_000, "x") + "/>", "more than 200 attributes");
        // a bracket in a value ends no element, and one in a comment begins none
        refuses("<a" + namespaces(201, ">") + "/>", "more than 200 attributes");
        refuses("<!-- <![CDATA[ --><a" + namespaces(201, "/>") + "/>", "more than 200 attributes");
        refuses("<!-- <b c=' --><a" + namespaces(201, "x") + "/>", "more than 200 attributes");
        refuses("<?x <!-- ?><a" + namespaces(201, "x") + "/>", "more than 200 attributes");
        refuses("<a><![CDATA[]] > <!-- ]]]><b" + namespaces(201, "x") + "/></a>", "more than 200 attributes");
        var replacing = new XmlCodec(Set.of(), true);
        assertThatThrownBy(() -> replacing.read(("<a" + namespaces(201, "x") + "/>").getBytes(UTF_8)))
                .hasMessageContaining("more than 200 attributes");
    }

    @Test
    void limitsWhatAllElementsHaveTogether() throws Exception {
        refuses("<r>" + ("<a" + " b='' c='' d='' e=''/>").repeat(100_001) + "</r>", "500000 elements and attributes");
        var nested = new StringBuilder();
        for (var depth = 0; depth < 6; depth++) {
            nested.append("<a").append(namespaces(100, "x")).append(">");
        }
        refuses(nested.toString(), "more than 500 namespaces in elements around it");
        read("<r>" + ("<a" + namespaces(100, "x") + "/>").repeat(20) + "</r>");
    }

    @Test
    void joinsATextThatCommentsPart() throws Exception {
        assertThat(read("<a>" + "x<!---->".repeat(200_000) + "</a>").path("a").asText())
                .hasSize(200_000);
        assertThat(read("<a>1<?x?>2<![CDATA[3]]><!-- 4 -->5</a>").path("a").asText())
                .isEqualTo("1235");
    }

    /** What the parser takes for the name of an encoding ends for others in the middle of it. */
    @Test
    void looksForNoLineInADocumentOfAnEncodingThatIsNone() {
        var text = "<?xml version=\"1.0\" encoding=\"?><!--\"?><a" + namespaces(201, "x") + "/>";
        assertThat(codec.line(text.getBytes(UTF_8), "/a")).isEmpty();
    }

    @Test
    void takesEqualsSignsForAttributesInElementsAlone() throws Exception {
        var many = "<b c=1; ".repeat(2) + "= ".repeat(500);
        read("<a><!--" + many + "--><?x " + many + "?><![CDATA[" + many + "]]>" + "= ".repeat(500) + "</a>");
        read("<a>" + ("<b c='" + "=".repeat(500) + "'/>").repeat(300) + "</a>");
    }

    @Test
    void readsLargeDocumentsFullOfEscapes() throws Exception {
        var document = "<R>" + "<A x='&lt;'>&amp;&#65;&gt;</A>".repeat(100_000) + "</R>";

        assertThat(read(document).at("/R/A")).hasSize(100_000);
    }

    @Test
    void findsTheLineOfANode() {
        var raw =
                "<R>\n<IDOC>\n<E1EDP01>\n<POSEX>1</POSEX></E1EDP01>\n<E1EDP01>\n<POSEX>2</POSEX>\n</E1EDP01></IDOC>\n</R>"
                        .getBytes(UTF_8);

        assertThat(codec.line(raw, "/R")).hasValue(1);
        assertThat(codec.line(raw, "/R/IDOC/0")).hasValue(2);
        assertThat(codec.line(raw, "/R/IDOC/0/E1EDP01/1/POSEX")).hasValue(6);
        assertThat(codec.line(raw, "/R/IDOC/0/E1EDP01/1/@missing")).hasValue(5);
        assertThat(codec.line(raw, "/R/IDOC/0/E1EDP01/5")).hasValue(2);
        assertThat(codec.line("no".getBytes(UTF_8), "/R")).isEmpty();
        assertThat(codec.line("<R>\n<A/>\u00C3</R>".getBytes(ISO_8859_1), "/R/A"))
                .isEmpty();
    }

    private void refuses(String text, String piece) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining(piece);
    }

    private com.fasterxml.jackson.databind.JsonNode read(String text) throws MalformedException {
        return codec.read(text.getBytes(UTF_8));
    }
}
