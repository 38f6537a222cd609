package io.mlflowgateway.server.json;

/** Tells UTF-8 from bytes that only look like it, as Unicode's table of well-formed sequences says. */
final class Utf8 {
    private Utf8() {}

    /**
     * Steps over characters that are not ASCII.
     *
     * @return offset of the first ASCII byte, or of the first byte that does not belong (not ASCII then), or {@code to}.
     *     Overlong forms, surrogates and what {@code to} cuts off do not belong
     */
    static int endOfNonAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] < 0) {
            int length = lengthAt(bytes, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return at;
    }

    private static int lengthAt(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xFF;
        if (lead >= 0xE1 && lead != 0xED && lead <= 0xEF) {
            return at + 3 <= to && continues(bytes[at + 1]) && continues(bytes[at + 2]) ? 3 : 0;
        }
        int length = lead <= 0xDF ? 2 : lead <= 0xEF ? 3 : 4;
        if (lead < 0xC2 || lead > 0xF4 || at + length > to) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if (!continues(bytes[at + i])) {
                return 0;
            }
        }
        return length;
    }

    private static boolean continues(byte b) {
        return b < (byte) 0xC0;
    }
}
