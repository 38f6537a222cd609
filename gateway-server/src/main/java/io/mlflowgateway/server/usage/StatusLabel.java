package io.mlflowgateway.server.usage;

import java.util.Set;

/** Statuses as labels: those that are in use; what else an upstream makes up is its hundred. */
final class StatusLabel {
    /** Beside those of the registry: what nginx, Cloudflare and Anthropic answer with. */
    private static final Set<Integer> UNREGISTERED = Set.of(499, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530);

    private StatusLabel() {}

    /** The status itself, 0 included, or 1 to 9 for its hundred. */
    static int bounded(int status) {
        boolean known = status == 0
                || status >= 200 && status <= 208
                || status >= 300 && status <= 308
                || status >= 400 && status <= 431
                || status == 451
                || status >= 500 && status <= 511
                || UNREGISTERED.contains(status);
        return known ? status : Math.max(1, Math.min(9, status / 100));
    }

    /** @param bounded what {@link #bounded} gave */
    static String of(int bounded) {
        return bounded > 0 && bounded < 10 ? bounded + "xx" : Integer.toString(bounded);
    }
}
