package io.mlflowgateway.server.log;

import io.mlflowgateway.server.secret.Masker;
import io.mlflowgateway.server.secret.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Masks texts for the log: by the secrets of all configurations there have been, since a call under way still uses those
 * it began with, and by what credentials look like. For any thread.
 */
final class Masks {
    /** Secrets of former configurations that are still looked for; the newest. */
    static final int MOST_RETIRED = 10_000;

    /** Secrets that came while running and are looked for; the newest. */
    static final int MOST_FETCHED = 1_000;

    private final Set<Secret> known = new LinkedHashSet<>();
    private final Set<Secret> fetched = new LinkedHashSet<>();
    private volatile Masker masker = new Masker(List.of());

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
        change();
    }

    /** This one, too, which no configuration holds. */
    synchronized void keepOutToo(Secret secret) {
        fetched.remove(secret);
        fetched.add(secret);
        if (fetched.size() > MOST_FETCHED) {
            fetched.remove(fetched.iterator().next());
        }
        change();
    }

    private void change() {
        List<Secret> all = new ArrayList<>(known);
        all.addAll(fetched);
        masker = new Masker(all);
    }

    /** Takes the credentials known by now out of a text, and cuts it at {@link Masker#MAX_LENGTH}. */
    Masker now() {
        return masker;
    }

    /** The text, or its beginning with a mark. */
    static String cut(String text, int mostChars) {
        return text.length() <= mostChars ? text : text.substring(0, mostChars) + "...";
    }
}
