package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.StreamCaps;
import io.mlflowgateway.server.query.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** A route with the targets behind it. */
public final class TargetRoute implements Route {
    private final RouteConfig config;
    private final Optional<Duration> total;
    private final StreamCaps streamCaps;
    private final CallTarget callTarget;
    private final Optional<String> stickyHeader;

    /** @param total how long a call may take, where that is another time than the server's */
    public TargetRoute(RouteConfig config, Optional<Duration> total, CallTarget callTarget) {
        this(config, total, StreamCaps.NONE, callTarget);
    }

    /** As the other one, with what its streams may grow to. */
    TargetRoute(RouteConfig config, Optional<Duration> total, StreamCaps streamCaps, CallTarget callTarget) {
        this.config = config;
        this.total = total;
        this.streamCaps = streamCaps;
        this.callTarget = callTarget;
        this.stickyHeader = config.routing()
                .stickyBy()
                .filter(key -> key.place() == Routing.StickyKey.Place.HEADER)
                .map(Routing.StickyKey::name);
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

    @Override
    public Optional<Duration> total() {
        return total;
    }

    @Override
    public StreamCaps streamCaps() {
        return streamCaps;
    }

    @Override
    public Optional<String> stickyHeader() {
        return stickyHeader;
    }

    /** How its targets are now, in the file's order. */
    public List<TargetStatus> targets() {
        Map<String, TargetHealth> watched = callTarget.watched();
        return config.targets().stream()
                .map(target -> TargetStatus.of(target, Optional.ofNullable(watched.get(target.name()))))
                .toList();
    }

    /** How many attempts came on top of the first one of each call, by reason. */
    public Map<String, Long> extraAttempts() {
        return callTarget.extraAttempts();
    }

    @Override
    public boolean watchesTargets() {
        return !callTarget.watched().isEmpty();
    }

    /** What its calls go out by. */
    Set<Sender> senders() {
        return callTarget.senders();
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
