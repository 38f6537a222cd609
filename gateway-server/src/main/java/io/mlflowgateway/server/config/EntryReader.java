package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the entries of {@code routes:} and {@code endpoints:} that name a model, in the 2.5-2.8 spelling
 * ({@code route_type}) and the one of 2.9 and later ({@code endpoint_type}). One instance reads one file: names are
 * unique over all of it.
 */
final class EntryReader {
    private static final List<String> KEYS = List.of(
            "name",
            "route_type",
            "endpoint_type",
            "model",
            TargetsReader.KEY,
            RoutingReader.KEY,
            "limit",
            CapabilitiesReader.KEY,
            Pricer.UNKNOWN,
            OnUnsupported.KEY,
            RouteSettingsReader.TIMEOUTS,
            RouteSettingsReader.LIMITS);
    private static final List<String> TASKS =
            Arrays.stream(Task.values()).map(Task::wireName).toList();

    private final TargetsReader targets;
    private final Pricer pricer;
    private final Map<String, Integer> lineByName = new HashMap<>();

    EntryReader(TargetReader targets, Pricer pricer) {
        this.targets = new TargetsReader(targets);
        this.pricer = pricer;
    }

    /**
     * The route; empty where something is wrong with it, which the report then says.
     *
     * @param name the entry's, checked already
     */
    Optional<RouteConfig> read(Cursor entry, Optional<String> name) {
        entry.onlyKnown(KEYS);
        Optional<Task> task = task(entry);
        List<RouteConfig.Target> read = pricer.priced(entry, targets.read(entry, task));
        Routing routing = RoutingReader.read(entry);
        entry.at(TargetsReader.KEY).ifPresent(list -> RoutingReader.check(routing, read, list));
        if (entry.at(TargetsReader.KEY).isEmpty() && routing.balance() == Routing.Balance.CHEAPEST) {
            entry.problem("balance 'cheapest' is for targets with a price; there is only a model");
        }
        RoutingReader.warnOfNoChoice(entry, routing, read);
        var limit = LimitReader.read(entry);
        var upstream = RouteSettingsReader.read(entry);
        var capabilities = CapabilitiesReader.read(entry);
        var unsupported = OnUnsupported.read(entry);
        if (name.isEmpty() || task.isEmpty() || read.isEmpty()) {
            return Optional.empty();
        }
        boolean classic = entry.has("route_type");
        return Optional.of(new RouteConfig(
                name.get(), task.get(), classic, read, false, limit, upstream, capabilities, routing, unsupported));
    }

    /** The entry's name, good and not taken before. */
    Optional<String> name(Cursor entry) {
        Optional<Cursor> at = entry.at("name");
        if (at.isEmpty()) {
            entry.missing("name", "is missing; callers ask for the route by it");
            return Optional.empty();
        }
        Optional<String> name = RouteNames.read(at.get());
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Integer first = lineByName.putIfAbsent(name.get(), at.get().tree().line());
        if (first != null) {
            at.get()
                    .problem("the name " + Shown.value(name.get()) + " is taken already, in line " + first
                            + "; names are unique over routes and endpoints together");
            return Optional.empty();
        }
        return name;
    }

    private static Optional<Task> task(Cursor entry) {
        Optional<Task> ofRoute = entry.at("route_type").flatMap(EntryReader::taskAt);
        Optional<Task> ofEndpoint = entry.at("endpoint_type").flatMap(EntryReader::taskAt);
        if (entry.at("route_type").isEmpty() && entry.at("endpoint_type").isEmpty()) {
            entry.missing(
                    "endpoint_type",
                    "is missing (or route_type, as MLflow 2.5 to 2.8 spell it); one of " + Shown.list(TASKS));
        }
        if (ofRoute.isPresent() && ofEndpoint.isPresent() && !ofRoute.equals(ofEndpoint)) {
            entry.problem("route_type and endpoint_type differ; give one of them");
        }
        return ofRoute.or(() -> ofEndpoint);
    }

    /** The task named here; a problem where there is none of that name. */
    static Optional<Task> taskAt(Cursor at) {
        Optional<String> name = at.text();
        Optional<Task> task = name.flatMap(Task::ofWireName);
        if (name.isPresent() && task.isEmpty()) {
            at.problem(Shown.value(name.get()) + " is no type of a route" + Shown.didYouMean(name.get(), TASKS)
                    + "; one of " + Shown.list(TASKS));
        }
        return task;
    }
}
