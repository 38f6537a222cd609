package io.mlflowgateway.server.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.query.Usd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The series of one route, made as calls come. Thread-safe; a call that is like one before takes no lock. */
final class RouteSeries {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        Duration.ofSeconds(300),
        Duration.ofSeconds(600)
    };

    private static final String NONE = "none";
    private static final String OTHER = "other";
    private static final int PROMPT = 0;
    private static final int COMPLETION = 1;
    private static final int HEDGED_PROMPT = 2;
    private static final List<String> DIRECTIONS = List.of("prompt", "completion", "hedged_prompt");

    /** Targets with series of their own; further ones share one. */
    private static final int MOST_TARGETS = 64;

    private static final Ending.Outcome[] OUTCOMES = Ending.Outcome.values();
    private static final Failure.Source[] SOURCES = Failure.Source.values();
    private static final Task[] TASKS = Task.values();

    private record Attempts(String target, String outcome) {}

    private record UpstreamError(String provider, Failure.Kind kind) {}

    private final MeterRegistry registry;
    private final String route;
    private final Meters<Counter> calls;
    private final Meters<Timer> durations;
    private final Meters<Timer> firstPieces;
    private final Meters<Counter> tokens;
    private final Meters<Counter> estimatedTokens;
    private final Map<UpstreamError, Meters<Counter>> upstreamErrors = new ConcurrentHashMap<>();
    private final Map<Attempts, Meters<Counter>> attempts = new ConcurrentHashMap<>();
    private final Map<String, Meters<Counter>> extraAttempts = new ConcurrentHashMap<>();
    private final Map<String, Meters<Counter>> costs = new ConcurrentHashMap<>();
    private final Map<String, Meters<Counter>> unpriced = new ConcurrentHashMap<>();
    private final Set<String> targets = ConcurrentHashMap.newKeySet();

    /** @param route a name from the configuration, or a word that stands in for one */
    RouteSeries(MeterRegistry registry, String route) {
        this.registry = registry;
        this.route = route;
        this.calls = new Meters<>(registry, this::call);
        this.durations = new Meters<>(registry, streams -> timer(Metric.CALL_DURATION, streams));
        this.firstPieces = new Meters<>(registry, streams -> timer(Metric.TIME_TO_FIRST_PIECE, streams));
        this.tokens = new Meters<>(registry, this::token);
        this.estimatedTokens = new Meters<>(registry, this::estimatedToken);
    }

    /** Counts an exchange that is over. */
    void ended(Notes notes, Ending ending) {
        int streams = notes.streams() ? 1 : 0;
        calls.of(number(notes, ending, streams)).increment();
        durations.of(streams).record(ending.took());
        notes.timeToFirstPiece().ifPresent(time -> firstPieces.of(streams).record(time));
        used(notes.usage(), notes.overtaken());
        notes.target().ifPresent(target -> priced(target, notes.costPicoUsd()));
        if (notes.target().isPresent()
                && !notes.route().map(Route::watchesTargets).orElse(false)) {
            attempts(notes.target().get().name(), AttemptOutcome.of(notes, ending), 1);
        }
        ending.failure()
                .filter(failure -> failure.source() == Failure.Source.UPSTREAM)
                .ifPresent(failure -> upstreamFailed(notes, failure));
    }

    private void used(Usage usage, int overtaken) {
        if (usage.promptTokens() > 0) {
            tokens.of(PROMPT).increment(usage.promptTokens());
            hedged(usage.promptTokens() * overtaken);
        }
        if (usage.completionTokens() > 0) {
            tokens.of(COMPLETION).increment(usage.completionTokens());
        }
        if (usage.estimated()) {
            estimatedTokens.of(PROMPT).increment(usage.promptTokens());
            estimatedTokens.of(COMPLETION).increment(usage.completionTokens());
        }
    }

    private void hedged(long promptTokens) {
        if (promptTokens > 0) {
            tokens.of(HEDGED_PROMPT).increment(promptTokens);
        }
    }

    private void priced(Notes.Target target, OptionalLong costPicoUsd) {
        if (costPicoUsd.isPresent()) {
            ofTarget(costs, Metric.COST, target).increment(Usd.dollars(costPicoUsd.getAsLong()));
        }
        if (!target.pricing().known()) {
            ofTarget(unpriced, Metric.UNKNOWN_PRICE, target).increment();
        }
    }

    private Counter ofTarget(Map<String, Meters<Counter>> all, Metric metric, Notes.Target target) {
        String name = shown(target.name());
        Meters<Counter> known = all.get(name);
        return (known == null ? all.computeIfAbsent(name, label -> ofTarget(metric, label)) : known).of(0);
    }

    private Meters<Counter> ofTarget(Metric metric, String label) {
        return new Meters<>(registry, only -> counter(metric, "target", label));
    }

    /** The target's own name, or what stands for all that are too many. */
    private String shown(String target) {
        boolean own = targets.contains(target) || (targets.size() < MOST_TARGETS && targets.add(target));
        return own ? target : OTHER;
    }

    /** Counts attempts at a target that ended so. */
    void attempts(String target, String outcome, long more) {
        Attempts ended = new Attempts(shown(target), outcome);
        Meters<Counter> known = attempts.get(ended);
        (known == null ? attempts.computeIfAbsent(ended, this::attempts) : known)
                .of(0)
                .increment(more);
    }

    private Meters<Counter> attempts(Attempts ended) {
        return new Meters<>(
                registry,
                only -> counter(Metric.UPSTREAM_ATTEMPTS, "target", ended.target(), "outcome", ended.outcome()));
    }

    /** Counts attempts that were made for this reason. */
    void extraAttempts(String reason, long more) {
        extraAttempts.computeIfAbsent(reason, this::extraAttempts).of(0).increment(more);
    }

    private Meters<Counter> extraAttempts(String reason) {
        return new Meters<>(registry, only -> counter(Metric.EXTRA_ATTEMPTS, "reason", reason));
    }

    private void upstreamFailed(Notes notes, Failure failure) {
        String provider = notes.target().map(Notes.Target::provider).orElse(NONE);
        upstreamErrors
                .computeIfAbsent(new UpstreamError(provider, failure.kind()), this::upstreamErrors)
                .of(0)
                .increment();
    }

    private Meters<Counter> upstreamErrors(UpstreamError error) {
        return new Meters<>(
                registry,
                only -> counter(
                        Metric.UPSTREAM_ERRORS,
                        "provider",
                        error.provider(),
                        "code",
                        error.kind().code()));
    }

    /** Takes every series of the route out of the registry. */
    void close() {
        calls.close();
        durations.close();
        firstPieces.close();
        tokens.close();
        estimatedTokens.close();
        upstreamErrors.values().forEach(Meters::close);
        costs.values().forEach(Meters::close);
        unpriced.values().forEach(Meters::close);
        attempts.values().forEach(Meters::close);
        extraAttempts.values().forEach(Meters::close);
    }

    /** Everything that tells calls of a route apart, as one number. */
    private static int number(Notes notes, Ending ending, int streams) {
        int task = notes.route().map(Route::task).map(Task::ordinal).orElse(TASKS.length);
        int number = StatusLabel.bounded(ending.status());
        number = number * OUTCOMES.length + ending.outcome().ordinal();
        number = number * (SOURCES.length + 1) + source(ending);
        number = number * (TASKS.length + 1) + task;
        return number * 2 + streams;
    }

    /** An answer of a status of refusal that came without a failure is the gateway's own. */
    private static int source(Ending ending) {
        Optional<Failure> failure = ending.failure();
        if (failure.isPresent()) {
            return failure.get().source().ordinal();
        }
        return ending.status() >= 400 ? Failure.Source.GATEWAY.ordinal() : SOURCES.length;
    }

    private Counter call(int number) {
        int left = number;
        int streams = left % 2;
        left /= 2;
        int task = left % (TASKS.length + 1);
        left /= TASKS.length + 1;
        int source = left % (SOURCES.length + 1);
        left /= SOURCES.length + 1;
        int outcome = left % OUTCOMES.length;
        return counter(
                Metric.CALLS,
                "task",
                task < TASKS.length ? TASKS[task].wireName() : NONE,
                "stream",
                streamed(streams),
                "status",
                StatusLabel.of(left / OUTCOMES.length),
                "outcome",
                OUTCOMES[outcome].wireName(),
                "source",
                source < SOURCES.length ? SOURCES[source].wireName() : NONE);
    }

    private Counter estimatedToken(int direction) {
        return counter(Metric.ESTIMATED_TOKENS, "direction", DIRECTIONS.get(direction));
    }

    private Counter token(int direction) {
        return counter(Metric.TOKENS, "direction", DIRECTIONS.get(direction));
    }

    private Counter counter(Metric metric, String... labels) {
        return Counter.builder(metric.meterName())
                .description(metric.description())
                .tag("route", route)
                .tags(labels)
                .register(registry);
    }

    private Timer timer(Metric metric, int streams) {
        return Timer.builder(metric.meterName())
                .description(metric.description())
                .tag("route", route)
                .tag("stream", streamed(streams))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private static String streamed(int streams) {
        return streams == 1 ? "true" : "false";
    }
}
