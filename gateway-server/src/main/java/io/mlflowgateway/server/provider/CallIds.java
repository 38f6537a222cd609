package io.mlflowgateway.server.provider;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * Names of tool calls as Mistral's models take them: nine letters or digits. Another provider's name becomes the same nine
 * each time, so that a call and its result still belong together.
 */
final class CallIds {
    private static final int LENGTH = 9;
    private static final Pattern NINE = Pattern.compile("[A-Za-z0-9]{" + LENGTH + "}");
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private CallIds() {}

    /** Whether it may go as it is. */
    static boolean isNine(String id) {
        return NINE.matcher(id).matches();
    }

    static String nine(String id) {
        if (isNine(id)) {
            return id;
        }
        BigInteger rest = new BigInteger(1, sha256(id));
        BigInteger base = BigInteger.valueOf(DIGITS.length());
        StringBuilder nine = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            nine.append(DIGITS.charAt(rest.mod(base).intValue()));
            rest = rest.divide(base);
        }
        return nine.toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
