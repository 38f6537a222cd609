package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Task;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A route with the targets behind it. */
public final class TargetRoute implements Route {
    private final RouteConfig config;
    private final CallTarget callTarget;

    public TargetRoute(RouteConfig config, CallTarget callTarget) {
        this.config = config;
        this.callTarget = callTarget;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Task task() {
        return config.task();
    }

    @Override
    public Optional<CallLimit> limit() {
        return config.limit();
    }

    /** As it was configured. For listings: holds secrets, so show single fields only. */
    public RouteConfig config() {
        return config;
    }

    @Override
    public Mono<Reply> answer(Call call) {
        return Mono.defer(() -> callTarget.answer(call));
    }
}
