package io.dovetail.codec;

import com.schibsted.spt.data.jslt.JsltException;
import java.util.regex.Pattern;

/** Where an expression begins: lines and columns from 1; line 0 for an expression that is a file of its own. */
record Place(String file, int line, int column) {

    private static final Pattern FORM = Pattern.compile("(.*?)(?::(\\d{1,9}))?(?::(\\d{1,9}))?");

    static Place parse(String place) {
        var form = FORM.matcher(place);
        if (!form.matches()) {
            return new Place(place, 0, 0);
        }
        return new Place(form.group(1), number(form.group(2)), number(form.group(3)));
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** The place of a line and column of the expression, as {@code file:line:column}. */
    String at(int expressionLine, int expressionColumn) {
        var absoluteLine = line == 0 ? expressionLine : line + expressionLine - 1;
        var absoluteColumn = column == 0 || expressionLine > 1 ? expressionColumn : column + expressionColumn - 1;
        return file + ":" + absoluteLine + ":" + absoluteColumn;
    }

    String of(JsltException e) {
        var inText = JsltFault.placeInText(e);
        if (inText != null) {
            return at(inText[0], inText[1]);
        }
        return e.getLine() > 0 ? at(e.getLine(), Math.max(1, e.getColumn())) : toString();
    }

    @Override
    public String toString() {
        return line == 0 ? file : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
