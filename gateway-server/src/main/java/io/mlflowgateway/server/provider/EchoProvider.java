package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import reactor.core.publisher.Mono;

/** Answers offline with what it was asked: for trying out, tests and demos. Never stands in for another provider. */
public final class EchoProvider implements Provider {
    private static final ProviderSpec SPEC =
            new ProviderSpec("echo", List.of(), EnumSet.allOf(Task.class), true, List.of());

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public Mono<Reply> ask(Query query, Attempt attempt, Sender sender, Deadline deadline) {
        throw new IllegalStateException("in the making");
    }
}
