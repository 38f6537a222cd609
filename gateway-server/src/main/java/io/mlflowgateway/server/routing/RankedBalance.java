package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Call;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Lowest rank first, as ranks are when the call comes; by weight among equals. */
final class RankedBalance implements Balance {
    /** Who is asked for the first time gets one call, and no second one before the first has been answered. */
    private static final double UNKNOWN_AND_BUSY = 1e15;

    private final WeightedOrder order;
    private final ToDoubleFunction<Candidate> rank;

    /** @param rank finite */
    RankedBalance(List<Candidate> candidates, ToDoubleFunction<Candidate> rank) {
        this.order = new WeightedOrder(candidates);
        this.rank = rank;
    }

    /** For {@link Balance#leastBusy}. */
    static double load(Candidate candidate) {
        return (candidate.health().inFlight() + 1.0) / candidate.weight();
    }

    /** For {@link Balance#lowestLatency}, in nanoseconds. */
    static double expectedWait(Candidate candidate) {
        double latency = candidate.health().latencyNanos();
        int busy = candidate.health().inFlight();
        return latency == 0 && busy > 0 ? UNKNOWN_AND_BUSY + busy : latency * (busy + 1);
    }

    @Override
    public List<Candidate> order(Call call) {
        return order.next(order.weighted().stream().mapToDouble(rank).toArray());
    }
}
