package io.dovetail.codec;

import org.jspecify.annotations.Nullable;

/** What X12 calls it. */
final class X12Codes {

    private X12Codes() {}

    /** TA105. */
    static String interchange(@Nullable EdiFault fault, boolean rejected) {
        if (fault == null) {
            return rejected ? "024" : "000";
        }
        return switch (fault.kind()) {
            case COUNT -> "021";
            case CONTROL -> "001";
            case UNENDED -> "023";
            case UNNAMED -> "024";
            case STRUCTURE -> "022";
        };
    }

    /** AK905; empty: nothing is wrong with the group itself. */
    static String group(@Nullable EdiFault fault) {
        if (fault == null) {
            return "";
        }
        return switch (fault.kind()) {
            case COUNT -> "5";
            case CONTROL -> "4";
            case UNENDED -> "3";
            case UNNAMED, STRUCTURE -> "6";
        };
    }

    /** AK502; empty: nothing is wrong with the set's own envelope. */
    static String set(@Nullable EdiFault fault) {
        if (fault == null) {
            return "";
        }
        return switch (fault.kind()) {
            case COUNT -> "4";
            case CONTROL -> "3";
            case UNENDED -> "2";
            case UNNAMED, STRUCTURE -> "7";
        };
    }

    /** AK403, for a rule of JSON Schema that an element breaks. */
    static String element(String rule) {
        return switch (rule) {
            case "required", "dependentRequired" -> "1";
            case "minLength" -> "4";
            case "maxLength" -> "5";
            case "pattern", "format", "type" -> "6";
            default -> "7";
        };
    }
}
