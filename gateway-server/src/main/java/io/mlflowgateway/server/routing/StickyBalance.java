package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Call;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The same order for the same key, in every process, after every restart: each target draws a number from the key and its
 * own name, and the largest comes first (weighted rendezvous hashing). Over many keys the shares are those of the weights;
 * when a target comes or goes, only keys that it gets or had move.
 */
final class StickyBalance implements Balance {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final double UNIT = 0x1.0p-53;

    private record Drawn(Candidate candidate, double lot) {}

    private final StickyKey key;
    private final List<Candidate> candidates;
    private final Balance otherwise;

    /** @param otherwise for calls without a key */
    StickyBalance(StickyKey key, List<Candidate> candidates, Balance otherwise) {
        this.key = key;
        this.candidates = candidates;
        this.otherwise = otherwise;
    }

    @Override
    public List<Candidate> order(Call call) {
        Optional<String> given = key.of(call).filter(text -> !text.isEmpty());
        return given.isPresent() ? drawn(given.get()) : otherwise.order(call);
    }

    private List<Candidate> drawn(String text) {
        return candidates.stream()
                .map(candidate -> new Drawn(candidate, lot(text, candidate)))
                .sorted(Comparator.comparingDouble(Drawn::lot))
                .map(Drawn::candidate)
                .toList();
    }

    /**
     * Exponentially distributed with the weight as rate: the smallest is this one with the weight's share. Those of weight 0
     * draw the same, and stay in the file's order behind all others.
     */
    private static double lot(String text, Candidate candidate) {
        if (candidate.weight() == 0) {
            return Double.POSITIVE_INFINITY;
        }
        long hash = mixed(hashed(hashed(FNV_OFFSET, text) * FNV_PRIME, candidate.name()));
        double uniform = ((hash >>> 11) + 0.5) * UNIT;
        return -Math.log(uniform) / candidate.weight();
    }

    private static long hashed(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    /** Every bit of the result hangs on every bit of the hash (SplitMix64's last step). */
    private static long mixed(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
