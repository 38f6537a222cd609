package io.mlflowgateway.server.log;

import io.mlflowgateway.server.secret.Masker;
import io.mlflowgateway.server.secret.Secret;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Masks texts for the log: by the secrets of all configurations there have been, since a call under way still uses those
 * it began with, and by what credentials look like. Secrets come from any thread; one thread masks.
 */
final class Masks {
    /** Secrets of former configurations that are still looked for; the newest. */
    static final int MOST_RETIRED = 10_000;

    /** The same few paths, routes and models stand in nearly every line. */
    private static final int MOST_REMEMBERED = 512;

    private final Set<Secret> known = new LinkedHashSet<>();
    private final Map<String, String> remembered = new HashMap<>();
    private volatile Masker masker = new Masker(List.of());
    private Masker usedLast = masker;

    /** From now on these secrets are in force. */
    synchronized void keepOut(Collection<Secret> inForce) {
        // To the end: what is in force is forgotten last.
        inForce.forEach(known::remove);
        known.addAll(inForce);
        var eldest = known.iterator();
        for (int tooMany = known.size() - inForce.size() - MOST_RETIRED; tooMany > 0; tooMany--) {
            eldest.next();
            eldest.remove();
        }
        masker = new Masker(known);
    }

    /** The text without credentials, cut at {@link Masker#MAX_LENGTH}. */
    String mask(String text) {
        Masker now = masker;
        if (now != usedLast) {
            usedLast = now;
            remembered.clear();
        }
        if (text.length() > Fields.MOST_CHARS) {
            return now.mask(text);
        }
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        return remembered.computeIfAbsent(text, now::mask);
    }

    /** The text, or its beginning with a mark. */
    static String cut(String text, int mostChars) {
        return text.length() <= mostChars ? text : text.substring(0, mostChars) + "...";
    }
}
