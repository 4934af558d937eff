package io.dovetail.hostile;

import static io.dovetail.hostile.HttpForm.Sound.joined;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Requests that two servers might read in two ways, or that are none, around a delivery that is sound. */
final class BrokenHttp {

    private static final String HOST = "Host: localhost\r\nConnection: close\r\n";

    private final Numbers numbers;
    private final List<Attack> all = new ArrayList<>();
    private final Template template = Template.all().getFirst();

    BrokenHttp(Numbers numbers) {
        this.numbers = numbers;
    }

    List<Attack> attacks() {
        targets();
        requestLines();
        headers();
        lengths();
        codings();
        chunks();
        smuggling();
        return all;
    }

    private void add(String name, Set<Ending> ends, HttpForm form) {
        var number = numbers.next();
        all.add(Attack.of("http", name, ends, () -> template.sound(number).bent(form)));
    }

    private static String length(HttpForm.Sound sound) {
        return "Content-Length: " + sound.body().length + "\r\n";
    }

    private static String post(HttpForm.Sound sound) {
        return "POST " + sound.target() + " HTTP/1.1";
    }

    private void targets() {
        for (var target : List.of(
                "/in/JIRA",
                "/in/Jira",
                "/in/jira/",
                "/in//jira",
                "//in/jira",
                "/./in/jira",
                "/in/./jira",
                "/in/x/../jira",
                "/in/jira/.",
                "/in/jira/..",
                "/in/../in/jira",
                "/in/jira;x=1",
                "/in;x=1/jira",
                "/in/jira;",
                "/;/in/jira",
                "/in/jira%2f",
                "/in%2fjira",
                "/%2e/in/jira",
                "/in/%2e%2e/in/jira",
                "/in/..%2fin/jira",
                "/in/..%252fin/jira",
                "/in/%c0%ae%c0%ae/in/jira",
                "/in/jira%00",
                "/in/jira%00.json",
                "/in/%00jira",
                "/in/jira%20",
                "/in/jira%09",
                "/in/jira%0a",
                "/in/jira%0d%0aX:1",
                "/in/jira%23",
                "/in/jira%3f",
                "/in/jira%25",
                "/in/jira%",
                "/in/jira%zz",
                "/in/jira%u0061",
                "/in/jira.",
                "/in/jira.json",
                "/in/jira~",
                "/in/jira*",
                "/in/jira\\",
                "\\in\\jira",
                "/in\\jira",
                "/in/jira%5c",
                "/IN/jira",
                "/In/jira",
                "/in/j%C4%B1ra",
                "/in/jir\u0430",
                "/in/jira\u0000",
                "/in/jira\u0001",
                "/in/j ira",
                "/in/{connector}",
                "/in/*",
                "/in/**",
                "/in/",
                "/in",
                "/",
                "",
                "*",
                "in/jira",
                "jira",
                "?",
                "#",
                "/in/jira/extra",
                "/in/jira/../../api/books",
                "/api/books",
                "/api/reload",
                "/error",
                "/actuator/health",
                "/actuator",
                "/favicon.ico",
                "/in/${sys.user.home}",
                "/in/\"><script>",
                "/in/" + "a".repeat(7_000),
                "/" + "a/".repeat(3_000),
                "/in/jira%2500",
                "http://other/in/jirab",
                "http:///in/jira",
                "http://[::1/in/jira",
                "https:/in/jira",
                "file:///in/jira",
                "jira:80",
                "http://a@b@c/in/nobody",
                "/in/\uFF4Aira",
                "//evil.example/in/jira")) {
            add("target " + target, Ending.REFUSAL, HttpForm.of(sound -> sound.withTarget(target)));
        }
        for (var target : List.of(
                // a tab may part the words of the line (RFC 9112, 3)
                "/in/jira\t",
                "/in/jira?",
                "/in/jira?x",
                "/in/jira?_method=DELETE",
                "/in/jira?x=%00",
                "/in/jira?x=%zz",
                "/in/jira?" + "a=b&".repeat(200),
                "/in/%6aira",
                "http://localhost/in/jira",
                "http://evil.example/in/jira",
                "/in/jira?x=\"<>",
                "/in/jira#x",
                "/in/jira?validationToken=x",
                "/in/jira?connector=sap-idoc")) {
            add("target " + target, Ending.ANY, HttpForm.of(sound -> sound.withTarget(target)));
        }
    }

    private void requestLines() {
        for (var method : List.of(
                "GET",
                "HEAD",
                "PUT",
                "DELETE",
                "PATCH",
                "OPTIONS",
                "TRACE",
                "CONNECT",
                "PROPFIND",
                "post",
                "Post",
                "POST\u0000",
                "PO ST",
                "\tPOST",
                "POST/",
                "",
                "P\u041EST",
                "X".repeat(5_000),
                "DEBUG",
                "TRACK",
                "POSTPOST",
                "\u0000")) {
            add(
                    "method " + method,
                    Ending.REFUSAL,
                    sound -> sound.bytes(method + " " + sound.target() + " HTTP/1.1", HOST + length(sound)));
        }
        for (var version : List.of(
                "HTTP/9.9",
                "HTTP/2.0",
                "HTTP/3",
                "HTTP/1.2",
                "HTTP/1.10",
                "HTTP/01.1",
                "HTTP/1,1",
                "http/1.1",
                "HTTP/-1.1",
                "HTTP/1.1\u0000",
                "HTTP/",
                "1.1",
                "JUNK/1.1",
                "HTTP/1.1 HTTP/1.1",
                "ICY",
                "HTTP/" + "1".repeat(4_000))) {
            add(
                    "version " + version,
                    Ending.REFUSAL,
                    sound -> sound.bytes("POST " + sound.target() + " " + version, HOST + length(sound)));
        }
        add("no version", Ending.REFUSAL, sound -> sound.bytes("POST " + sound.target(), HOST + length(sound)));
        add("HTTP/1.0", Ending.ANY, sound -> sound.bytes("POST " + sound.target() + " HTTP/1.0", HOST + length(sound)));
        for (var line : List.of(
                "GARBAGE",
                "\u0000\u0000",
                " ",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC",
                "SSH-2.0-x",
                "PRI * HTTP/2.0",
                "AMQP\u0000\u0001\u0000\u0000",
                "EHLO x",
                "{\"a\": 1}",
                "GET / HTTP/1.1\rX: y",
                "<policy-file-request/>")) {
            add("line " + line, Ending.REFUSAL, sound -> sound.bytes(line, HOST + length(sound)));
        }
        for (var gap : List.of("  ", "\t", "\u000B", "\u00A0", "\r")) {
            add(
                    "gap in the request line " + (int) gap.charAt(0),
                    Ending.ANY,
                    sound -> sound.bytes("POST" + gap + sound.target() + gap + "HTTP/1.1", HOST + length(sound)));
        }
        add("nothing", Ending.REFUSAL, sound -> new byte[0]);
        add("blank lines first", Ending.ANY, sound -> joined("\r\n\r\n", sound.bytes()));
        add("many blank lines first", Ending.ANY, sound -> joined("\r\n".repeat(20_000), sound.bytes()));
    }

    private void headers() {
        for (var line : List.of(
                "Bad Header: x",
                ": x",
                "x",
                "X : y",
                "X\t: y",
                "X\u0000: y",
                "X: a\u0000b",
                "X: a\u0001b",
                "X: a\rb",
                "X: a\r\n b",
                "X: a\r\n\tb",
                " X: y",
                "X(: y",
                "X\"y\": z",
                "X{}: y",
                "X\u00E9: y",
                "\u0000",
                "X: \u007F",
                "=: x",
                "Host: other",
                "Host: localhost, other",
                "Content-Length: 0",
                "X",
                "X;y: z",
                "X[0]: y",
                "X<y>: z",
                "@: x",
                "X/y: z")) {
            add("header " + line, Ending.ANY, sound -> sound.bytes(post(sound), HOST + length(sound) + line + "\r\n"));
        }
        for (var host : List.of(
                "",
                "Host:\r\n",
                "Host: \r\n",
                "Host: a\r\nHost: b\r\n",
                "Host: a b\r\n",
                "Host: a:b:c\r\n",
                "Host: [::1\r\n",
                "Host: a/../b\r\n",
                "Host: ${x}\r\n",
                "Host: a:99999\r\n",
                "Host: a@b\r\n",
                "Host: a#b\r\n",
                "Host: \u0000\r\n",
                "Host: " + "a".repeat(3_000) + "\r\n",
                "Host: %00\r\n",
                "Host: 127.0.0.1:1\r\n",
                "Host: evil.example\r\n")) {
            add(
                    "host " + host.strip(),
                    Ending.ANY,
                    sound -> sound.bytes(post(sound), host + "Connection: close\r\n" + length(sound)));
        }
        for (var size : List.of(9_000, 70_000, 1_000_000)) {
            add(
                    "a header of " + size,
                    Ending.REFUSAL,
                    sound -> sound.bytes(post(sound), HOST + length(sound) + "X: " + "x".repeat(size) + "\r\n"));
            add(
                    "a name of " + size,
                    Ending.REFUSAL,
                    sound -> sound.bytes(post(sound), HOST + length(sound) + "x".repeat(size) + ": x\r\n"));
            add(
                    "a request line of " + size,
                    Ending.REFUSAL,
                    sound -> sound.bytes(
                            "POST " + sound.target() + "?" + "x".repeat(size) + " HTTP/1.1", HOST + length(sound)));
        }
        for (var count : List.of(101, 1_000, 10_000)) {
            add(
                    count + " headers",
                    Ending.REFUSAL,
                    sound -> sound.bytes(post(sound), HOST + length(sound) + "X: y\r\n".repeat(count)));
        }
        for (var line : List.of(
                "Expect: 100-continue",
                "Expect: x",
                "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13",
                "TE: trailers",
                "Connection: X-Hub-Signature",
                "Connection: close, Content-Length",
                "Proxy-Connection: keep-alive",
                "Range: bytes=0-",
                "Range: bytes=" + "0-,".repeat(1_000),
                "If-None-Match: *",
                "If-Match: x",
                "Accept: */*" + ",x/y".repeat(1_000),
                "Accept: ../x",
                "Accept-Language: " + "a,".repeat(2_000),
                "Accept-Charset: x",
                "Accept-Encoding: gzip;q=\u0000",
                "Cookie: $Version=1; a=\"b\"; JSESSIONID=x",
                "Cookie: " + "a=b;".repeat(1_500),
                "Origin: https://evil.example",
                "Origin: null",
                "X-Forwarded-For: 127.0.0.1, ${x}",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: ftp",
                "X-Forwarded-Prefix: /api",
                "Forwarded: for=\"[::1]\";host=\u0000",
                "X-Original-URL: /api/books",
                "X-Rewrite-URL: /api/books",
                "X-HTTP-Method-Override: DELETE",
                "X-Http-Destinationurl: http://127.0.0.1/",
                "Max-Forwards: -1",
                "Date: x",
                "Authorization: Basic YWRtaW46YWRtaW4=",
                "Authorization: Negotiate AAAA",
                "Authorization: Digest x",
                "Authorization: \u00E9",
                "traceparent: 00-${x}",
                "baggage: " + "a=b,".repeat(1_500),
                "Last-Event-ID: \u0000",
                "Content-Type: text/xml",
                "Content-Location: http://evil.example/",
                "Trailer: X-Hub-Signature",
                "Keep-Alive: timeout=999999",
                "From: x\\r\\ny")) {
            add("header " + line, Ending.ANY, sound -> sound.bytes(post(sound), HOST + length(sound) + line + "\r\n"));
        }
    }

    private void lengths() {
        for (var length : List.of(
                "-1",
                "+5",
                "0x10",
                "1e3",
                "1 0",
                "",
                " ",
                "a",
                "99999999999999999999",
                "9223372036854775808",
                "5, 6",
                "5;6",
                "\u0661",
                "0.5",
                "5\u0000",
                "-0",
                "5,5")) {
            add(
                    "length " + length,
                    Ending.REFUSAL,
                    sound -> sound.bytes(post(sound), HOST + "Content-Length: " + length + "\r\n"));
        }
        add("no length", Ending.REFUSAL, sound -> sound.bytes(post(sound), HOST));
        add("length 0", Ending.REFUSAL, sound -> sound.bytes(post(sound), HOST + "Content-Length: 0\r\n"));
        add(
                "too short a length",
                Ending.REFUSAL,
                sound -> sound.bytes(post(sound), HOST + "Content-Length: " + (sound.body().length - 7) + "\r\n"));
        add(
                "too long a length",
                Ending.REFUSAL,
                sound -> sound.bytes(post(sound), HOST + "Content-Length: " + (sound.body().length + 7) + "\r\n"));
        add(
                "a far too long length",
                Ending.REFUSAL,
                sound -> sound.bytes(post(sound), HOST + "Content-Length: 9000000000\r\n"));
        add(
                "two lengths",
                Ending.REFUSAL,
                sound -> sound.bytes(post(sound), HOST + length(sound) + "Content-Length: 5\r\n"));
        add(
                "the same length twice",
                Ending.ANY,
                sound -> sound.bytes(post(sound), HOST + length(sound) + length(sound)));
        add(
                "leading zeros",
                Ending.ANY,
                sound -> sound.bytes(post(sound), HOST + "Content-Length: 000" + sound.body().length + "\r\n"));
    }

    private static byte[] chunked(byte[] body, String sizeEnd, String end) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(Template.bytes(Integer.toHexString(body.length) + sizeEnd));
        out.writeBytes(body);
        out.writeBytes(Template.bytes(end));
        return out.toByteArray();
    }

    private static byte[] chunked(byte[] body) {
        return chunked(body, "\r\n", "\r\n0\r\n\r\n");
    }

    private void codings() {
        add(
                "in a chunk",
                Ending.ACCEPTANCE,
                sound -> sound.bytes(post(sound), HOST + "Transfer-Encoding: chunked\r\n", chunked(sound.body())));
        for (var coding : List.of(
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding:",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked\u0000",
                "Transfer-Encoding : chunked",
                "Transfer_Encoding: chunked",
                "X: y\rTransfer-Encoding: chunked",
                "Transfer-Encoding: \u0441hunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\u000Bchunked",
                "Transfer-Encoding:\tchunked",
                "Transfer-Encoding: CHUNKED",
                "Transfer-Encoding:\r\n chunked",
                "transfer-encoding: x\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: ,chunked",
                "TRANSFER-ENCODING: chunked",
                "Transfer-Encoding: cow")) {
            for (var length :
                    List.of("", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Content-Length: 2000000000\r\n")) {
                add(
                        coding + " and " + length.strip(),
                        Ending.ANY,
                        sound -> sound.bytes(post(sound), HOST + length + coding + "\r\n", chunked(sound.body())));
            }
            add(
                    coding + " and a true length",
                    Ending.ANY,
                    sound -> sound.bytes(post(sound), HOST + length(sound) + coding + "\r\n"));
            add(
                    coding + " in HTTP/1.0",
                    Ending.ANY,
                    sound -> sound.bytes(
                            "POST " + sound.target() + " HTTP/1.0", HOST + coding + "\r\n", chunked(sound.body())));
        }
        // may be read by its chunks, if the connection is closed behind the answer (RFC 9112, 6.1)
        add(
                "in a chunk, with a length",
                Ending.ANY,
                sound -> sound.bytes(
                        post(sound), HOST + length(sound) + "Transfer-Encoding: chunked\r\n", chunked(sound.body())));
    }

    private void chunks() {
        for (var end : List.of(
                "zz\r\n",
                "-1\r\n",
                "0x10\r\n",
                "+5\r\n",
                "\r\n",
                " \r\n",
                "ffffffffffffffff\r\n",
                "80000000\r\n",
                "7fffffff\r\n",
                "10000000000000000\r\n",
                "g\r\n",
                "1 0\r\n",
                "5\u0000\r\n",
                "\u0661\r\n")) {
            add(
                    "chunk of " + end.strip(),
                    Ending.REFUSAL,
                    sound -> sound.bytes(
                            post(sound), HOST + "Transfer-Encoding: chunked\r\n", joined(end, sound.body())));
        }
        for (var end : List.of(
                ";a=b\r\n",
                ";a=\"b\r\n\"\r\n",
                ";\r\n",
                " \r\n",
                "\t\r\n",
                "\n",
                "\r",
                ";" + "x".repeat(100) + "\r\n",
                ";a=\"\n\"\r\n",
                ";a\u0000\r\n")) {
            add(
                    "size of a chunk before " + end.strip(),
                    Ending.ANY,
                    sound -> sound.bytes(
                            post(sound),
                            HOST + "Transfer-Encoding: chunked\r\n",
                            chunked(sound.body(), end, "\r\n0\r\n\r\n")));
        }
        add(
                "a chunk's long extension",
                Ending.REFUSAL,
                sound -> sound.bytes(
                        post(sound),
                        HOST + "Transfer-Encoding: chunked\r\n",
                        chunked(sound.body(), ";" + "x".repeat(1_000_000) + "\r\n", "\r\n0\r\n\r\n")));
        for (var end : List.of(
                "0\r\n\r\n",
                "\n0\n\n",
                "\r\n0\r\nX-Hub-Signature: x\r\n\r\n",
                "\r\n0\r\nContent-Length: 5\r\n\r\n",
                "\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "\r\n0\r\nHost: other\r\n\r\n",
                "\r\n0\r\n: x\r\n\r\n",
                "\r\n0\r\nX\u0000: y\r\n\r\n",
                "\r\n00000000000\r\n\r\n",
                "\r\n0;x\r\n\r\n",
                "xx0\r\n\r\n",
                "\r\n1\r\nx\r\n0\r\n\r\n",
                "\r\n0\r\n")) {
            add(
                    "after the last chunk " + end,
                    Ending.ANY,
                    sound -> sound.bytes(
                            post(sound), HOST + "Transfer-Encoding: chunked\r\n", chunked(sound.body(), "\r\n", end)));
        }
        for (var size : List.of(9_000, 300_000)) {
            add(
                    "trailers of " + size,
                    Ending.ANY,
                    sound -> sound.bytes(
                            post(sound),
                            HOST + "Transfer-Encoding: chunked\r\n",
                            chunked(sound.body(), "\r\n", "\r\n0\r\nX: " + "x".repeat(size) + "\r\n\r\n")));
        }
        add("a chunk a byte", Ending.ACCEPTANCE, sound -> {
            var out = new ByteArrayOutputStream();
            for (var b : sound.body()) {
                out.writeBytes(chunked(new byte[] {b}, "\r\n", "\r\n"));
            }
            out.writeBytes(Template.bytes("0\r\n\r\n"));
            return sound.bytes(post(sound), HOST + "Transfer-Encoding: chunked\r\n", out.toByteArray());
        });
        add(
                "the last chunk missing",
                Ending.REFUSAL,
                sound -> sound.bytes(
                        post(sound), HOST + "Transfer-Encoding: chunked\r\n", chunked(sound.body(), "\r\n", "\r\n")));
    }

    /** A second request where one server sees it and another does not. Only one may ever be answered. */
    private void smuggling() {
        var seconds = List.of(
                "GET /api/books HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /in/nobody HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /actuator/health HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "X");
        for (var second : seconds) {
            add("behind the body: " + second, Ending.ACCEPTANCE, sound -> concat(sound.bytes(), second));
            add(
                    "behind the last chunk: " + second,
                    Ending.ANY,
                    sound -> sound.bytes(
                            post(sound),
                            HOST + "Transfer-Encoding: chunked\r\n",
                            chunked(sound.body(), "\r\n", "\r\n0\r\n\r\n" + second)));
            for (var coding : List.of(
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
                    "Transfer-Encoding: xchunked",
                    "Transfer-Encoding : chunked",
                    "Transfer-Encoding:\u000Bchunked")) {
                add(
                        "length and " + coding + ": " + second,
                        Ending.REFUSAL,
                        sound -> sound.bytes(
                                post(sound),
                                "Host: localhost\r\nContent-Length: 4\r\n" + coding + "\r\n",
                                Template.bytes("0\r\n\r\n" + second)));
                add(
                        coding + " and length: " + second,
                        Ending.REFUSAL,
                        sound -> sound.bytes(
                                post(sound),
                                "Host: localhost\r\n" + coding + "\r\nContent-Length: " + (second.length() + 5)
                                        + "\r\n",
                                Template.bytes("0\r\n\r\n" + second)));
            }
        }
        add(
                "a second one in the path",
                Ending.REFUSAL,
                HttpForm.of(sound -> sound.withTarget(sound.target() + " HTTP/1.1\r\nHost: x\r\n\r\nGET /api/books")));
    }

    private static byte[] concat(byte[] first, String second) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(Template.bytes(second));
        return out.toByteArray();
    }
}
