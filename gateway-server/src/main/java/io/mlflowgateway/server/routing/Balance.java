package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Call;
import java.util.List;

/**
 * Orders a route's targets for one call: whom to ask first, and who comes next when that fails. Those of weight 0 come
 * last, as they stand in the file. Thread-safe.
 */
@FunctionalInterface
interface Balance {
    /** Each candidate once. Asked once for each call: some count the calls. */
    List<Candidate> order(Call call);

    /** As they stand in the file. */
    static Balance inOrder(List<Candidate> candidates) {
        List<Candidate> order = WeightedOrder.spareLast(candidates);
        return call -> order;
    }

    /** By weight, exactly: of each run of as many calls as the weights' sum, each target is first as often as its weight. */
    static Balance weighted(List<Candidate> candidates) {
        return new RankedBalance(candidates, candidate -> 0);
    }

    /** Fewest attempts under way for its weight first. */
    static Balance leastBusy(List<Candidate> candidates) {
        return new RankedBalance(candidates, RankedBalance::load);
    }

    /** The one expected to answer first: what it takes at its slowest lately, for as many as are under way. */
    static Balance lowestLatency(List<Candidate> candidates) {
        return new RankedBalance(candidates, RankedBalance::expectedWait);
    }

    /** Lowest price first; by weight among equals. */
    static Balance cheapest(List<Candidate> candidates) {
        return new RankedBalance(candidates, candidate -> candidate.price().doubleValue());
    }

    /** The same targets in the same order for calls of the same key, as long as they are configured; else another order. */
    static Balance sticky(StickyKey key, List<Candidate> candidates, Balance otherwise) {
        return new StickyBalance(key, candidates, otherwise);
    }
}
