package io.mlflowgateway.server.json;

import io.mlflowgateway.server.json.BodyScanner.Malformed;

/** Steps over numbers, and reads whole ones. */
final class NumberSteps {
    private static final int MAX_EXPONENT_DIGITS = 4;

    private NumberSteps() {}

    /** Steps over the number that should begin here, as JSON's grammar has it and within its bounds. */
    static int after(byte[] json, int start) throws Malformed {
        int at = start < json.length && json[start] == '-' ? start + 1 : start;
        int whole = afterDigits(json, at);
        if (whole - at > 1 && json[at] == '0') {
            throw Malformed.syntax(at + 1);
        }
        int digits = whole - at;
        at = whole;
        if (at < json.length && json[at] == '.') {
            int fraction = afterDigits(json, at + 1);
            digits += fraction - at - 1;
            at = fraction;
        }
        if (at < json.length && (json[at] | 0x20) == 'e') {
            int sign = at + 1 < json.length && (json[at + 1] == '+' || json[at + 1] == '-') ? 1 : 0;
            int exponent = afterDigits(json, at + 1 + sign);
            digits += checkedExponent(start, exponent - at - 1 - sign);
            at = exponent;
        }
        if (digits > Json.MAX_NUMBER_LENGTH) {
            throw Malformed.bound(start, "a number of more than " + Json.MAX_NUMBER_LENGTH + " digits");
        }
        return at;
    }

    /** A few bytes like {@code 1e999999999} can cost whoever works with the number gigabytes. */
    private static int checkedExponent(int start, int digits) throws Malformed {
        if (digits > MAX_EXPONENT_DIGITS) {
            throw Malformed.bound(start, "a number's exponent is out of bounds");
        }
        return digits;
    }

    private static int afterDigits(byte[] json, int from) throws Malformed {
        int at = from;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw Malformed.syntax(at);
        }
        return at;
    }

    /** Whether a number has neither fraction nor exponent. */
    static boolean isWhole(byte[] json, int start, int end) {
        for (int i = start; i < end; i++) {
            if (json[i] == '.' || (json[i] | 0x20) == 'e') {
                return false;
            }
        }
        return true;
    }

    /** A whole number's value; {@code BOUND} where no {@code long} holds it. */
    static long whole(byte[] json, int start, int end) throws Malformed {
        boolean negative = json[start] == '-';
        long value = 0; // below zero, where there is room for one more
        try {
            for (int at = negative ? start + 1 : start; at < end; at++) {
                value = Math.subtractExact(Math.multiplyExact(value, 10L), json[at] - '0');
            }
            return negative ? value : Math.negateExact(value);
        } catch (ArithmeticException e) {
            throw Malformed.bound(start, "a number is out of bounds");
        }
    }
}
