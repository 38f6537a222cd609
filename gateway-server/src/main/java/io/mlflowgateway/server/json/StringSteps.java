package io.mlflowgateway.server.json;

import io.mlflowgateway.server.json.BodyScanner.Malformed;

/**
 * Steps over the strings of one document. For one thread.
 *
 * <p>Most of a prompt is plain text, so 32 bytes are looked at at a time, then eight: is there a quote, an escape, a control
 * character, or anything but ASCII among them?
 */
final class StringSteps {
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = EACH << 7;
    private static final boolean[] SHORT_ESCAPES = new boolean[256];

    static {
        for (char escape : "\"\\/bfnrt".toCharArray()) {
            SHORT_ESCAPES[escape] = true;
        }
    }

    private final byte[] json;
    private boolean escaped;

    StringSteps(byte[] json) {
        this.json = json;
    }

    /**
     * Steps over a string.
     *
     * @param from offset after its opening quote
     * @return offset after its closing one
     */
    int after(int from) throws Malformed {
        escaped = false;
        int at = from;
        while (true) {
            at = afterText(at);
            if (at == json.length) {
                throw Malformed.syntax(at);
            }
            byte b = json[at];
            if (b == '"') {
                return at + 1;
            }
            if (b < 0) {
                at = afterNonAscii(at);
            } else if (b == '\\') {
                at = afterEscape(at + 1);
            } else {
                throw Malformed.syntax(at);
            }
        }
    }

    /** Whether there was an escape in the string stepped over last. */
    boolean escaped() {
        return escaped;
    }

    /** Steps over plain text and escapes of one letter; not all of them near the document's end. */
    private int afterText(int from) {
        int last = json.length - Long.BYTES;
        int at = afterLongText(from);
        while (at <= last) {
            long found = special(Words.at(json, at));
            if (found == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Long.numberOfTrailingZeros(found) >>> 3;
            if (json[at] != '\\' || at + 1 == json.length || !SHORT_ESCAPES[json[at + 1] & 0xFF]) {
                return at;
            }
            escaped = true;
            at += 2;
        }
        while (at < json.length && json[at] >= ' ' && json[at] != '"' && json[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Steps over plain text, four words at a time, as long as there is nothing else in them. */
    private int afterLongText(int from) {
        int last = json.length - 4 * Long.BYTES;
        int at = from;
        while (at <= last
                && (special(Words.at(json, at))
                                | special(Words.at(json, at + Long.BYTES))
                                | special(Words.at(json, at + 2 * Long.BYTES))
                                | special(Words.at(json, at + 3 * Long.BYTES)))
                        == 0) {
            at += 4 * Long.BYTES;
        }
        return at;
    }

    /**
     * A word whose lowest set bit is the high bit of the first byte that is not plain; what stands above it means nothing,
     * for a subtraction borrows from there. Turning bit 1 over puts the quote right above the control characters.
     */
    private static long special(long word) {
        long controlOrQuote = (word ^ EACH * 0x02) - EACH * 0x21;
        long backslash = (word ^ EACH * '\\') - EACH;
        return (word | controlOrQuote | backslash) & HIGH_BITS;
    }

    private int afterNonAscii(int from) throws Malformed {
        int to = Utf8.endOfNonAscii(json, from, json.length);
        if (to < json.length && json[to] < 0) {
            throw new Malformed(Malformed.Reason.SYNTAX, to, "not valid UTF-8 at byte " + to);
        }
        return to;
    }

    private int afterEscape(int from) throws Malformed {
        escaped = true;
        if (from < json.length && SHORT_ESCAPES[json[from] & 0xFF]) {
            return from + 1;
        }
        if (from == json.length || json[from] != 'u') {
            throw Malformed.syntax(from);
        }
        for (int i = from + 1; i <= from + 4; i++) {
            if (i == json.length || Character.digit(json[i], 16) < 0) {
                throw Malformed.syntax(i);
            }
        }
        return from + 5;
    }
}
