package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What came back, whole. Header names are lower case. */
record Answer(int status, Map<String, String> headers, byte[] body) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    // what a stack trace, a class or a server's own page would show
    private static final List<String> INTERNALS =
            List.of("Exception", "java.", "jakarta.", "org.", "io.dovetail", "\tat ", "Tomcat", "<html", "<!doctype");

    static Answer read(InputStream in) throws IOException {
        var status = line(in);
        var headers = new TreeMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            var colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        var length = headers.get("content-length");
        var rest = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        var body = "chunked".equals(headers.get("transfer-encoding")) ? unchunked(rest) : rest;
        return new Answer(Integer.parseInt(status.split(" ")[1]), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended after: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] unchunked(byte[] chunks) throws IOException {
        var in = new ByteArrayInputStream(chunks);
        var body = new ByteArrayOutputStream();
        for (var size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return body.toByteArray();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + text(), e);
        }
    }

    /** The delivery's; behind an acknowledgement of its protocol it stands in a header. */
    String id() {
        return headers.containsKey("delivery-id")
                ? headers.get("delivery-id")
                : json().path("id").asText();
    }

    Answer hasStatus(int expected) {
        assertThat(status).as("status of %s", text()).isEqualTo(expected);
        return this;
    }

    /** A problem as RFC 9457 has it, that tells nothing of the hub's inside. */
    Answer isProblem(int expected) {
        hasStatus(expected);
        assertThat(headers.get("content-type")).as("of %s", text()).startsWith("application/problem+json");
        var problem = json();
        assertThat(problem.path("status").asInt()).isEqualTo(expected);
        assertThat(problem.path("type").asText()).isNotEmpty();
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty();
        return tellsNoInternals();
    }

    Answer tellsNoInternals() {
        assertThat(headers).doesNotContainKeys("server", "x-powered-by", "set-cookie");
        for (var internal : INTERNALS) {
            assertThat(text()).doesNotContainIgnoringCase(internal);
        }
        return this;
    }

    Answer doesNotEcho(String canary) {
        assertThat(headers.toString()).doesNotContain(canary);
        assertThat(text()).doesNotContain(canary);
        return this;
    }
}
