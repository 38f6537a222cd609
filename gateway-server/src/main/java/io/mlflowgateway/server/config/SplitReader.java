package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the traffic splits of MLflow 3.x: entries of {@code routes:} that send shares of their calls to endpoints of
 * the same file. What a split says of itself (limits, times) holds for calls that come by the split; what its endpoints
 * say of themselves does not.
 */
final class SplitReader {
    private static final Set<String> MARKS = Set.of("destinations", "task_type", "routing_strategy");
    private static final List<String> KEYS = List.of(
            "name",
            "task_type",
            "destinations",
            "routing_strategy",
            RoutingReader.KEY,
            "limit",
            Pricer.UNKNOWN,
            OnUnsupported.KEY,
            RouteSettingsReader.TIMEOUTS,
            RouteSettingsReader.LIMITS);
    private static final List<String> DESTINATION_KEYS = List.of("name", "traffic_percentage", TargetsReader.PRICE);
    private static final Pattern PERCENTAGE = Pattern.compile("0|[1-9]\\d?|100");
    private static final String STRATEGY = "TRAFFIC_SPLIT";

    /** The file's endpoints by name; empty values are endpoints with problems of their own. */
    private final Map<String, Optional<RouteConfig>> endpoints;

    private final Pricer pricer;

    SplitReader(Map<String, Optional<RouteConfig>> endpoints, Pricer pricer) {
        this.endpoints = endpoints;
        this.pricer = pricer;
    }

    /** Whether this entry of {@code routes:} is a split, by any key that only splits have. */
    static boolean isSplit(Cursor entry) {
        return !entry.has("route_type")
                && !entry.has("endpoint_type")
                && !entry.has("model")
                && MARKS.stream().anyMatch(entry::has);
    }

    /**
     * The split; empty where something is wrong with it, which the report then says.
     *
     * @param name the entry's, checked already
     */
    Optional<RouteConfig> read(Cursor entry, Optional<String> name) {
        entry.onlyKnown(KEYS);
        Optional<Task> task = task(entry);
        entry.at("routing_strategy").ifPresent(SplitReader::checkStrategy);
        Routing routing = RoutingReader.read(entry);
        List<RouteConfig.Target> targets = pricer.priced(entry, targets(entry, task, routing.fallback()));
        entry.at("destinations").ifPresent(list -> RoutingReader.check(routing, targets, list));
        RoutingReader.warnOfNoChoice(entry, routing, targets);
        var limit = LimitReader.read(entry);
        var upstream = RouteSettingsReader.read(entry);
        var unsupported = OnUnsupported.read(entry);
        if (name.isEmpty() || task.isEmpty() || targets.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RouteConfig(
                name.get(), task.get(), false, targets, true, limit, upstream, List.of(), routing, unsupported));
    }

    private static Optional<Task> task(Cursor entry) {
        if (entry.at("task_type").isEmpty()) {
            entry.missing("task_type", "is missing; the type its destinations have, for example llm/v1/chat");
        }
        return entry.at("task_type").flatMap(EntryReader::taskAt);
    }

    private static void checkStrategy(Cursor at) {
        Optional<String> strategy = at.text();
        if (strategy.isPresent() && !strategy.get().equals(STRATEGY)) {
            at.problem(Shown.value(strategy.get()) + " is no routing strategy; the only one is '" + STRATEGY + "'");
        }
    }

    private List<RouteConfig.Target> targets(Cursor entry, Optional<Task> task, boolean fallback) {
        Optional<Cursor> destinations = entry.at("destinations");
        if (destinations.isEmpty()) {
            entry.missing("destinations", "is missing; a list of endpoints, each with its traffic_percentage");
            return List.of();
        }
        List<Cursor> items = destinations.get().items();
        if (destinations.get().tree() instanceof Tree.Items && items.isEmpty()) {
            destinations.get().problem("is empty; at least one endpoint is needed");
        }
        Set<String> seen = new HashSet<>();
        List<RouteConfig.Target> targets = new ArrayList<>();
        List<Integer> shares = new ArrayList<>();
        for (Cursor item : items) {
            Optional<RouteConfig> endpoint = endpoint(item, task, seen);
            Optional<Integer> share = share(item, fallback);
            share.ifPresent(shares::add);
            endpoint.ifPresent(found -> targets.add(weighed(found, item, share.orElse(1))));
        }
        checkSum(destinations.get(), shares, items.size());
        return targets;
    }

    private Optional<RouteConfig> endpoint(Cursor item, Optional<Task> task, Set<String> seen) {
        if (!item.mustBeMapping("a mapping with name and traffic_percentage")) {
            return Optional.empty();
        }
        item.onlyKnown(DESTINATION_KEYS);
        Optional<Cursor> at = item.at("name");
        if (at.isEmpty()) {
            item.missing("name", "is missing; the name of an endpoint of this file");
        }
        Optional<String> name = at.flatMap(Cursor::text);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        if (!seen.add(name.get())) {
            at.get().problem(Shown.value(name.get()) + " stands here twice; add the percentages up");
        }
        if (!endpoints.containsKey(name.get())) {
            at.get()
                    .problem(Shown.value(name.get()) + " is no endpoint of this file"
                            + Shown.didYouMean(name.get(), endpoints.keySet()));
        }
        Optional<RouteConfig> endpoint = endpoints.getOrDefault(name.get(), Optional.empty());
        if (endpoint.isPresent() && task.isPresent() && endpoint.get().task() != task.get()) {
            at.get()
                    .problem(Shown.value(name.get()) + " is of type "
                            + endpoint.get().task().wireName() + ", the split of type "
                            + task.get().wireName());
        }
        if (endpoint.isPresent() && endpoint.get().targets().size() > 1) {
            at.get()
                    .problem(Shown.value(name.get())
                            + " has several targets of its own; a split sends to endpoints with one");
        }
        return endpoint;
    }

    private static Optional<Integer> share(Cursor item, boolean fallback) {
        Optional<Cursor> at = item.at("traffic_percentage");
        if (at.isEmpty()) {
            if (item.isMapping()) {
                item.missing("traffic_percentage", "is missing; a whole number from 1 to 100");
            }
            return Optional.empty();
        }
        Optional<String> text = at.get().text();
        Optional<Integer> share = text.filter(found -> PERCENTAGE.matcher(found).matches())
                .map(Integer::valueOf)
                .filter(found -> fallback || found > 0);
        if (text.isPresent() && share.isEmpty()) {
            String hint =
                    text.get().equals("0") ? "; 0, for one that is asked only when others fail, needs fallback" : "";
            int least = fallback ? 0 : 1;
            at.get()
                    .problem("must be a whole number from " + least + " to 100, found " + Shown.value(text.get())
                            + hint);
        }
        return share;
    }

    private static void checkSum(Cursor destinations, List<Integer> shares, int expected) {
        int sum = shares.stream().mapToInt(Integer::intValue).sum();
        if (expected > 0 && shares.size() == expected && sum != 100) {
            destinations.problem("the traffic_percentage values must add up to 100, found " + sum);
        }
    }

    private static RouteConfig.Target weighed(RouteConfig endpoint, Cursor item, int weight) {
        RouteConfig.Target target = endpoint.targets().get(0);
        return new RouteConfig.Target(
                endpoint.name(),
                target.provider(),
                target.model(),
                target.settings(),
                weight,
                TargetsReader.price(item));
    }
}
