package io.dovetail.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The estimate beside what reading really takes. */
class TreeSizeTest {

    private static final int LENGTH = 300_000;

    record Shape(String name, Codec codec, String begin, String unit, String end) {

        byte[] text() {
            var units = LENGTH / unit.length();
            // an interchange says how many segments it has
            return (begin + unit.repeat(units) + end.formatted(units + 2)).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Shape> shapes() {
        var json = new JsonCodec();
        var xml = new XmlCodec(Set.of());
        var x12 =
                "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260309*1000*U*00401*000000001*0*P*>~"
                        + "GS*PO*A*B*20260309*1000*1*X*004010~ST*850*0001~";
        return Stream.of(
                new Shape("objects", json, "[", "{},", "0]"),
                new Shape("lists", json, "[", "[],", "0]"),
                new Shape("lists of one", json, "[", "[0],", "0]"),
                new Shape("lists in lists", json, "[", "[".repeat(50) + "]".repeat(50) + ",", "0]"),
                new Shape("objects of one", json, "[", "{\"\":0},", "0]"),
                new Shape("texts", json, "[", "\"a\",", "0]"),
                new Shape("large numbers", json, "[", "1234567.5,", "0]"),
                new Shape("empty elements", xml, "<a>", "<b/>", "</a>"),
                new Shape("elements in elements", xml, "<a>", "<b><c/></b>", "</a>"),
                new Shape("attributes", xml, "<a>", "<b c=''/>", "</a>"),
                new Shape("elements of a text", xml, "<a>", "<b>c</b>", "</a>"),
                new Shape(
                        "segments", new EdiCodec(EdiRules.DEFAULT), x12, "AB*1~", "SE*%d*0001~GE*1*1~IEA*1*000000001~"),
                new Shape(
                        "values",
                        new EdiCodec(EdiRules.DEFAULT),
                        x12,
                        "AB" + "*1".repeat(90) + "~",
                        "SE*%d*0001~GE*1*1~IEA*1*000000001~"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void isNotFarBelowWhatATreeTakes(Shape shape) throws MalformedException {
        var text = shape.text();
        shape.codec.read(text); // what is made once is made
        var before = allocated();
        var tree = shape.codec.read(text);
        var taken = allocated() - before;
        assertThat(tree).isNotEmpty();
        // what is dropped while it is read is in it, too
        assertThat(shape.codec.treeSize(text)).isGreaterThan(taken / 4);
    }

    @Test
    void isAboutTenTimesWhatIsUsual() {
        var order = """
                {"type": "order.placed", "timestamp": "2026-03-09T10:00:00Z", "data": {"orderNumber": "4500012345",
                 "orderDate": "2026-03-09", "currency": "EUR", "buyer": {"id": "b-17", "name": "Buyer & Co", "city": "Ulm"},
                 "lines": [{"line": "10", "product": {"sellerId": "P-100", "name": "Pump"}, "quantity": "2", "unit": "PCE"}]}}
                """.getBytes(StandardCharsets.UTF_8);
        assertThat(new JsonCodec().treeSize(order)).isBetween(5L * order.length, 12L * order.length);
    }

    @Test
    void knowsNothingOfATokenButItsLength() throws MalformedException {
        var claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(shapes().toList().get(3).text());
        var token = ("e30." + claims + ".").getBytes(StandardCharsets.UTF_8);
        var codec = new JwtCodec();
        codec.read(token);
        var before = allocated();
        codec.read(token);
        assertThat(codec.treeSize(token)).isGreaterThan((allocated() - before) / 4);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
