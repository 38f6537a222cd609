package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Reply;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Spreads calls over targets by weight, exactly: of every run of as many calls as the weights' sum, each target gets its
 * weight's number, evenly interleaved (smooth weighted round robin). Safe from any thread.
 */
final class TrafficSplit implements CallTarget {
    private final List<CallTarget> targets;
    private final int[] weights;
    private final int[] credit;
    private final int sum;

    /**
     * @param targets at least one
     * @param weights one for each target, more than 0
     */
    TrafficSplit(List<CallTarget> targets, List<Integer> weights) {
        this.targets = List.copyOf(targets);
        this.weights = weights.stream().mapToInt(Integer::intValue).toArray();
        this.credit = new int[this.weights.length];
        this.sum = weights.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public Mono<Reply> answer(Call call) {
        return targets.get(next()).answer(call);
    }

    @Override
    public Set<Sender> senders() {
        return targets.stream().flatMap(target -> target.senders().stream()).collect(Collectors.toSet());
    }

    private synchronized int next() {
        int best = 0;
        for (int i = 0; i < weights.length; i++) {
            credit[i] += weights[i];
            if (credit[i] > credit[best]) {
                best = i;
            }
        }
        credit[best] -= sum;
        return best;
    }
}
