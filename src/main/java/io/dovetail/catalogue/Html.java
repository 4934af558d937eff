package io.dovetail.catalogue;

/** A page that stands for itself: no script, no font, nothing from elsewhere. */
final class Html {

    private static final String STYLE = """
            :root { color-scheme: light dark; }
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
            h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8884; }
            th { font-weight: 600; border-bottom: 2px solid #8888; }
            code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
            pre { background: #8881; padding: .8rem; overflow-x: auto; }
            td:first-child code { white-space: nowrap; }
            .pale { opacity: .65; } .mark { border: 1px solid #c60; border-radius: .3rem; padding: 0 .3rem; font-size: .8rem; }
            a { color: #2563c9; text-decoration: none; } a:hover { text-decoration: underline; }
            """;

    private final StringBuilder body = new StringBuilder();

    /** Markup as it is. */
    Html raw(String markup) {
        body.append(markup);
        return this;
    }

    Html line(String markup) {
        return raw(markup).raw("\n");
    }

    /** An element with text. */
    Html element(String name, String text) {
        return line("<" + name + ">" + text(text) + "</" + name + ">");
    }

    /** One row of a table, of markup. */
    Html row(String cell, String... cells) {
        raw("<tr>");
        for (var markup : cells) {
            raw("<" + cell + ">" + markup + "</" + cell + ">");
        }
        return line("</tr>");
    }

    static String code(String text) {
        return "<code>" + text(text) + "</code>";
    }

    static String link(String address, String markup) {
        return "<a href=\"" + text(address) + "\">" + markup + "</a>";
    }

    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    String page(String title) {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + text(title)
                + "</title>\n<style>\n"
                + STYLE + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }
}
