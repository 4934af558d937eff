package io.dovetail.hostile;

import static io.dovetail.hostile.HttpForm.Sound.joined;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Requests within and behind the bodies of others, on connections that both sides would keep: what a front and the hub
 * must not cut in two places. {@link BrokenHttp} has those that one server alone might read wrongly.
 */
final class HiddenRequests {

    private static final String HOST = "Host: localhost\r\n";
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String WHOLE = "Content-Length: " + HIDDEN.length() + "\r\n";

    private final Numbers numbers;
    private final List<Attack> all = new ArrayList<>();
    private final Template template = Template.all().getFirst();

    HiddenRequests(Numbers numbers) {
        this.numbers = numbers;
    }

    List<Attack> attacks() {
        withinBodiesThatNobodyReads();
        withTwoEnds();
        betweenChunks();
        byLineEnds();
        byUpgrades();
        oneBehindAnother();
        return all;
    }

    private void add(String name, HttpForm form) {
        var number = numbers.next();
        all.add(Attack.of("front", name, Set.of(), () -> template.sound(number).bent(form)));
    }

    private void add(String name, String request) {
        add(name, sound -> joined(request, new byte[0]));
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n0\r\n\r\n";
    }

    /** A body that is refused unread is still no request. */
    private void withinBodiesThatNobodyReads() {
        var large = "x".repeat(70_000) + HIDDEN;
        for (var line : List.of(
                "POST /in/jira",
                "POST /in/nobody",
                "POST /",
                "POST /api/reload",
                "POST http://other/in/jira",
                "GET /in/jira",
                "GET /actuator/health",
                "GET //in/jira",
                "HEAD /in/jira",
                "PUT /in/jira",
                "DELETE /in/jira",
                "OPTIONS /in/jira",
                "OPTIONS *",
                "TRACE /in/jira",
                "PROPFIND /in/jira",
                "FOO /in/jira")) {
            for (var version : List.of(" HTTP/1.1\r\n", " HTTP/1.0\r\nConnection: keep-alive\r\n")) {
                var name = "within the body of " + line + version.strip();
                add(name, line + version + HOST + WHOLE + "\r\n" + HIDDEN);
                add(name + ", in a chunk", line + version + HOST + CHUNKED + "\r\n" + chunk(HIDDEN));
                add(name + ", without a length", line + version + HOST + "\r\n" + HIDDEN);
            }
            var head = line + " HTTP/1.1\r\n" + HOST;
            var length = "Content-Length: " + large.length() + "\r\n";
            add("within a large body of " + line, head + length + "\r\n" + large);
            add("within a large body of " + line + ", in a chunk", head + CHUNKED + "\r\n" + chunk(large));
            for (var expect : List.of("100-continue", "x", "100-continue, 100-continue", " y 100-continue")) {
                var expecting = head + "Expect: " + expect + "\r\n";
                add("within what " + line + " expects " + expect, expecting + WHOLE + "\r\n" + HIDDEN);
                add("within a chunk that " + line + " expects " + expect, expecting + CHUNKED + "\r\n" + chunk(HIDDEN));
            }
        }
    }

    private void withTwoEnds() {
        var empty = "0\r\n\r\n";
        var whole = "Content-Length: " + (empty.length() + HIDDEN.length());
        for (var lines : List.of(
                "Content-Length: 5\r\n" + whole,
                whole + "\r\nContent-Length: 5",
                "Content-Length: 5, " + (empty.length() + HIDDEN.length()),
                "Content-Length: 5\r\nContent-Length : " + whole.substring(16),
                "Content-Length: 5\r\n " + whole,
                "Content-Length:\r\n 5\r\n" + whole,
                "Content-Length: 5\r\nContent_Length: " + whole.substring(16),
                "Content-Length: +5\r\n" + whole,
                "Content-Length\u0000: 5\r\n" + whole,
                "Content-Length: 5\r\nX: y\n" + whole,
                "Content-Length: 5\r\nX: y\r" + whole,
                whole + "\r\nConnection: Content-Length",
                whole + "\r\nConnection: close, Content-Length",
                whole + "\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
                whole + "\r\nConnection: keep-alive, X-Front-Request")) {
            add("two ends: " + lines, "POST /in/jira HTTP/1.1\r\n" + HOST + lines + "\r\n\r\n" + empty + HIDDEN);
        }
        for (var coding : List.of(
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: Chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding:\n chunked",
                "X: y\r\n Transfer-Encoding: chunked",
                "X: y\rTransfer-Encoding: chunked",
                "X: y\nTransfer-Encoding: chunked",
                "Transfer_Encoding: chunked",
                "Transfer-Encoding\t: chunked",
                "Transfer-Encoding: chunked\u000B",
                "Transfer-Encoding:\u00A0chunked",
                "TE: chunked",
                "Trailer: Transfer-Encoding")) {
            for (var line : List.of("POST /in/jira HTTP/1.1", "POST /in/jira HTTP/1.0\r\nConnection: keep-alive")) {
                for (var length : List.of("", "Content-Length: 5\r\n", whole + "\r\n")) {
                    add(
                            "two ends: " + coding + " and " + length.strip() + " " + line,
                            line + "\r\n" + HOST + length + coding + "\r\n\r\n" + empty + HIDDEN);
                }
            }
        }
    }

    private void betweenChunks() {
        for (var body : List.of(
                "5;\nabcde\r\n0\r\n\r\n",
                "5;a\nabcde\r\n0\r\n\r\n",
                "5;a=\"\r\nabcde\r\n0\r\n\r\n",
                "5;a=b;c=\"d\"\r\nabcde\r\n0\r\n\r\n",
                "5 \r\nabcde\r\n0\r\n\r\n",
                " 5\r\nabcde\r\n0\r\n\r\n",
                "5\nabcde\n0\n\n",
                "5\r\nabcde\n0\r\n\r\n",
                "5\rabcde\r0\r\r",
                "5\r\nabcdexx0\r\n\r\n",
                "0x5\r\nabcde\r\n0\r\n\r\n",
                "+5\r\nabcde\r\n0\r\n\r\n",
                "-5\r\nabcde\r\n0\r\n\r\n",
                "00000000000000005\r\nabcde\r\n0\r\n\r\n",
                "100000005\r\nabcde\r\n0\r\n\r\n",
                "10000000000000005\r\nabcde\r\n0\r\n\r\n",
                "\r\nabcde\r\n0\r\n\r\n",
                "0_5\r\nabcde\r\n0\r\n\r\n",
                "5\r\nabcde\r\n0;a\r\n\r\n",
                "5\r\nabcde\r\n00\r\n\r\n",
                "5\r\nabcde\r\n0\r\nContent-Length: 5\r\n\r\n",
                "5\r\nabcde\r\n0\r\nX: y\n\n",
                "5\r\nabcde\r\n0\r\n\n",
                "5\r\nabcde\r\n0\r\nX\r\n\r\n",
                "5\r\nabcde\r\n0\r\n" + HIDDEN,
                "5\r\nabcde\r\n0\r\nX: y\r\n " + HIDDEN)) {
            add("behind chunks: " + body, "POST /in/jira HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n" + body + HIDDEN);
        }
        // the data is the hidden request for whoever reads the extension to the first line end
        var within = "2;\nxx\r\n" + Integer.toHexString(HIDDEN.length()) + "\r\n0\r\n\r\n" + HIDDEN;
        add("behind an extension", "POST /in/jira HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n" + within);
    }

    private void byLineEnds() {
        for (var end : List.of("\n", "\r", "\n\r", "\r\r\n", "\u0085", "\u2028")) {
            var name = "lines that end with " + end;
            add(name, ("POST /in/jira HTTP/1.1\r\n" + HOST + WHOLE + "\r\n").replace("\r\n", end) + HIDDEN);
            add(name + ", none", ("POST /in/jira HTTP/1.1\r\n" + HOST + "\r\n").replace("\r\n", end) + HIDDEN);
            add(
                    name + ", one of them",
                    "POST /in/jira HTTP/1.1\r\n" + HOST + "X: y" + end + WHOLE + "\r\n" + HIDDEN + HIDDEN);
            add(
                    name + " before the body",
                    "POST /in/jira HTTP/1.1\r\n" + HOST + "Content-Length: 0" + end + end + HIDDEN);
        }
    }

    private void byUpgrades() {
        var h2c = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
        var socket = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        for (var upgrade : List.of(h2c, socket, "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n")) {
            for (var method : List.of("GET", "POST", "OPTIONS")) {
                var head = method + " /in/jira HTTP/1.1\r\n" + HOST + upgrade;
                add("within an upgrade: " + head, head + WHOLE + "\r\n" + HIDDEN);
                add("behind an upgrade: " + head, head + "\r\n" + HIDDEN);
                add("PRI behind an upgrade: " + head, head + "\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN);
            }
        }
        add("PRI", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN);
        add("CONNECT", "CONNECT localhost:80 HTTP/1.1\r\n" + HOST + "\r\n" + HIDDEN);
        add("CONNECT with a length", "CONNECT localhost:80 HTTP/1.1\r\n" + HOST + WHOLE + "\r\n" + HIDDEN);
    }

    /** Nothing is hidden here, and all of it is to be counted. */
    private void oneBehindAnother() {
        for (var count : List.of(2, 10)) {
            add(count + " one behind another", sound -> {
                var one = new String(
                        sound.bytes(
                                "POST " + sound.target() + " HTTP/1.1",
                                HOST + "Content-Length: " + sound.body().length + "\r\n"),
                        StandardCharsets.UTF_8);
                return joined(one.repeat(count), new byte[0]);
            });
            add(count + " refused one behind another", HIDDEN.repeat(count));
            add(
                    count + " with blank lines between",
                    ("POST /in/jira HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n\r\n\r\n").repeat(count));
        }
    }
}
