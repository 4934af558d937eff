package io.dovetail.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a sound request becomes the bytes that are sent. */
@FunctionalInterface
non-sealed interface HttpForm extends Form {

    /**
     * @param target as it stands in the request line
     * @param headers those of media, id and proof, without {@code Host} and {@code Content-Length}
     */
    record Sound(String target, List<Header> headers, byte[] body) {

        Sound withTarget(String other) {
            return new Sound(other, headers, body);
        }

        Sound withHeaders(List<Header> others) {
            return new Sound(target, others, body);
        }

        /** The usual form. */
        byte[] bytes() {
            return bytes(
                    "POST " + target + " HTTP/1.1",
                    "Host: localhost\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n");
        }

        /** @param first the headers before all others, each with its line end */
        byte[] bytes(String requestLine, String first) {
            return bytes(requestLine, first, body);
        }

        byte[] bytes(String requestLine, String first, byte[] content) {
            var head = new StringBuilder(requestLine).append("\r\n").append(first);
            headers.forEach(header -> head.append(header).append("\r\n"));
            return joined(head.append("\r\n").toString(), content);
        }

        static byte[] joined(String head, byte[] content) {
            var out = new ByteArrayOutputStream();
            // a header's bytes go as they are: those of UTF-8 too
            out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            out.writeBytes(content);
            return out.toByteArray();
        }
    }

    byte[] bytes(Sound request);

    /** Bends what HTTP says and not how it says it. */
    static HttpForm of(UnaryOperator<Sound> change) {
        return sound -> change.apply(sound).bytes();
    }
}
