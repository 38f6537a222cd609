package io.mlflowgateway.server.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Smooth weighted round robin: of each run of as many calls as the weights' sum, each target is first as often as its
 * weight, evenly interleaved; the others follow by how soon their turn is. Where ranks are given, the turns are among
 * those of the lowest one. Safe from any thread.
 */
final class WeightedOrder {
    private final List<Candidate> weighted;
    private final List<Candidate> spare;
    private final long[] credit;

    /** @param candidates at least one */
    WeightedOrder(List<Candidate> candidates) {
        this.weighted =
                candidates.stream().filter(candidate -> candidate.weight() > 0).toList();
        this.spare =
                candidates.stream().filter(candidate -> candidate.weight() == 0).toList();
        this.credit = new long[weighted.size()];
    }

    /** As they stand, those of weight 0 at the end. */
    static List<Candidate> spareLast(List<Candidate> candidates) {
        WeightedOrder order = new WeightedOrder(candidates);
        List<Candidate> all = new ArrayList<>(order.weighted);
        all.addAll(order.spare);
        return List.copyOf(all);
    }

    /** Those that have a weight, in the file's order. */
    List<Candidate> weighted() {
        return weighted;
    }

    /**
     * The order for the next call.
     *
     * @param ranks of {@link #weighted}, in its order
     */
    synchronized List<Candidate> next(double[] ranks) {
        double best = IntStream.range(0, ranks.length)
                .mapToDouble(i -> ranks[i])
                .min()
                .orElse(0);
        long sum = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] == best) {
                credit[i] += weighted.get(i).weight();
                sum += weighted.get(i).weight();
            }
        }
        List<Integer> turns =
                new ArrayList<>(IntStream.range(0, ranks.length).boxed().toList());
        turns.sort(Comparator.comparingDouble((Integer i) -> ranks[i]).thenComparingLong(i -> -credit[i]));
        if (!turns.isEmpty()) {
            credit[turns.get(0)] -= sum;
        }
        List<Candidate> order = new ArrayList<>(ranks.length + spare.size());
        turns.forEach(i -> order.add(weighted.get(i)));
        order.addAll(spare);
        return order;
    }
}
