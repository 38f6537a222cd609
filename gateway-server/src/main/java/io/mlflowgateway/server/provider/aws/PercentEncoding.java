package io.mlflowgateway.server.provider.aws;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as Amazon counts it: all but letters, digits and {@code -._~}, of the UTF-8 form, in capitals. */
final class PercentEncoding {
    private static final String HEX = "0123456789ABCDEF";
    private static final String KEPT = "-._~";

    private PercentEncoding() {}

    /** The text with every octet encoded that must be, percent signs included. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (isKept(octet)) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.charAt(octet >> 4 & 0xF)).append(HEX.charAt(octet & 0xF));
            }
        }
        return encoded.toString();
    }

    private static boolean isKept(byte octet) {
        return (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z')
                || (octet >= '0' && octet <= '9')
                || KEPT.indexOf(octet) >= 0;
    }

    /** The text without encoding. A percent sign that no two hexadecimal digits follow stands for itself. */
    static String decode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int at = 0; at < encoded.length; at++) {
            int octet = encoded[at] == '%' ? octet(encoded, at + 1) : -1;
            decoded.write(octet < 0 ? encoded[at] : octet);
            at += octet < 0 ? 0 : 2;
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /** What these two digits say; -1 where they are none. */
    private static int octet(byte[] text, int at) {
        if (at + 2 > text.length) {
            return -1;
        }
        int high = Character.digit(text[at], 16);
        int low = Character.digit(text[at + 1], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
