package io.mlflowgateway.server.provider.parameter;

import java.nio.charset.StandardCharsets;

/** Names of parameters, fit for headers and logs: callers may call them anything. */
final class PlainName {
    private static final int LONGEST = 64;

    private PlainName() {}

    /** The name; what is no letter, digit, {@code _}, {@code -} or {@code .} percent-encoded, and a long one cut. */
    static String of(String name) {
        StringBuilder plain = new StringBuilder();
        String start = name.substring(0, Math.min(name.length(), LONGEST));
        for (byte octet : start.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(octet)) {
                plain.append((char) octet);
            } else {
                plain.append('%').append(String.format("%02X", octet));
            }
        }
        return plain.length() > LONGEST || name.length() > LONGEST
                ? plain.substring(0, Math.min(plain.length(), LONGEST)) + "..."
                : plain.toString();
    }

    private static boolean isPlain(byte octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '_'
                || octet == '-'
                || octet == '.';
    }
}
