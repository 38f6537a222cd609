package io.mlflowgateway.bench;

import io.mlflowgateway.server.limit.RateLimit;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Principal;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import reactor.core.publisher.Mono;

/** What every call asks before it goes on: which route it is for, and whether the route's limit lets it pass. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBench {
    private static final int ROUTES = 3_000;

    private final RouteTable table = Tables.of(ROUTES);
    private final RateLimit limiter = new RateLimit(System::nanoTime);
    private final Mono<Reply> reply = Mono.never();
    private final Call call = new Call(
            "id",
            Principal.ANYONE,
            new Limited(),
            new Query(Task.CHAT, new Body(Documents.utf8("{}"), List.of()), false, false, TemperatureRange.ZERO_TO_TWO),
            Deadline.in(Duration.ofDays(1)),
            new Notes("id", "POST", "/v1/chat/completions", Duration.ofDays(1)));

    /** A route with a limit that is never reached. */
    private static final class Limited implements Route {
        private final Optional<CallLimit> limit =
                Optional.of(new CallLimit(Long.MAX_VALUE, Duration.ofMinutes(1), "1 minute"));

        @Override
        public String name() {
            return "chat";
        }

        @Override
        public Task task() {
            return Task.CHAT;
        }

        @Override
        public Optional<CallLimit> limit() {
            return limit;
        }

        @Override
        public Optional<Duration> total() {
            return Optional.empty();
        }

        @Override
        public Mono<Reply> answer(Call asked) {
            return Mono.never();
        }
    }

    /** Out of 3,000. */
    @Benchmark
    public Optional<TargetRoute> find() {
        return table.find("route-1234");
    }

    @Benchmark
    public Mono<Reply> limit() {
        return limiter.handle(call, next -> reply);
    }

    @Benchmark
    @Threads(2)
    public Mono<Reply> limitOfTwoThreads() {
        return limiter.handle(call, next -> reply);
    }
}
