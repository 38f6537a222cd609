package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.secret.Secret;
import java.util.regex.Pattern;

/** Takes credentials out of an upstream's words: the target's own, and what looks like one. */
final class Masking {
    private static final String MASK = "***";
    private static final int SHORTEST_SECRET = 4;

    /**
     * Keys as OpenAI and those who follow it make them, whole or with stars in the middle, and bearer tokens. Possessive,
     * so that a long text costs no more than its length.
     */
    private static final Pattern KEY_LIKE = Pattern.compile(
            "\\bsk-[\\w*.-]{3,}+|(?i:\\bbearer) ++[\\w.~+/=*-]{8,}+|(?<![\\w*-])[\\w-]*+\\*{3,}+[\\w*-]*+");

    private Masking() {}

    static String mask(String text, Settings settings) {
        String masked = text;
        for (Secret secret : settings.secrets().values()) {
            if (secret.reveal().length() >= SHORTEST_SECRET) {
                masked = masked.replace(secret.reveal(), MASK);
            }
        }
        return KEY_LIKE.matcher(masked).replaceAll(MASK);
    }
}
