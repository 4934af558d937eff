package io.dovetail.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An HTTP request as bytes, so that nothing in between mends what a test breaks. */
final class Request {

    private static final int PATIENCE_MILLIS = 60_000;

    private final String method;
    private final String target;
    private final List<String> headers = new ArrayList<>();
    private byte[] body = new byte[0];
    private long declared = -1;
    private boolean chunked;

    private Request(String method, String target) {
        this.method = method;
        this.target = target;
    }

    static Request of(String method, String target) {
        return new Request(method, target);
    }

    static Request post(String target) {
        return new Request("POST", target);
    }

    /** These bytes and nothing else. */
    static Request raw(String bytes) {
        var request = new Request("raw", "");
        request.body = bytes.getBytes(StandardCharsets.ISO_8859_1);
        return request;
    }

    Request header(String name, String value) {
        headers.add(name + ": " + value);
        return this;
    }

    Request body(byte[] body) {
        this.body = body;
        return this;
    }

    Request body(String body) {
        return body(body.getBytes(StandardCharsets.UTF_8));
    }

    /** Says that the body has this many bytes, whatever it has. */
    Request declares(long length) {
        this.declared = length;
        return this;
    }

    /** Sends the body in chunks, and never the last one. */
    Request chunkedWithoutEnd() {
        this.chunked = true;
        return this;
    }

    Answer to(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            var out = socket.getOutputStream();
            out.write(bytes());
            out.flush();
            return Answer.read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target, e);
        }
    }

    private byte[] bytes() throws IOException {
        if (method.equals("raw")) {
            return body;
        }
        var bytes = new ByteArrayOutputStream();
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body.length > 0 || declared >= 0 || method.equals("POST")) {
            head.append("Content-Length: ")
                    .append(declared >= 0 ? declared : body.length)
                    .append("\r\n");
        }
        // a header's bytes go as they are: those of UTF-8 too
        bytes.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        if (chunked) {
            bytes.write((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.write(body);
            bytes.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            bytes.write(body);
        }
        return bytes.toByteArray();
    }
}
