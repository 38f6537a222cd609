package io.mlflowgateway.server.query;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The stages in their order, then the route itself. Every surface's calls go through here and nowhere else. No stage is
 * entered before somebody subscribes to what the one before it passed on.
 */
public final class QueryPipeline {
    private final Next first;

    /** @param stages outermost first */
    public QueryPipeline(List<Stage> stages) {
        Next next = call -> call.route().answer(call);
        for (int i = stages.size() - 1; i >= 0; i--) {
            Stage stage = stages.get(i);
            Next rest = next;
            next = call -> Mono.defer(() -> stage.handle(call, rest));
        }
        this.first = next;
    }

    /** Cold: work starts on subscription. */
    public Mono<Reply> query(Call call) {
        return first.proceed(call);
    }
}
