package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what answers an entry's calls: its {@code model:}, or several {@code targets:}. */
final class TargetsReader {
    static final String KEY = "targets";
    static final String PRICE = "price";

    /** So that a call that is handed from target to target ends. */
    static final int MOST = 100;

    static final int MOST_WEIGHT = 1_000;
    static final List<String> KEYS = List.of("name", "weight", "model", PRICE);

    private final TargetReader targets;

    TargetsReader(TargetReader targets) {
        this.targets = targets;
    }

    /**
     * The targets; what is wrong is in the report.
     *
     * @param task what the route is for, where that is known
     */
    List<RouteConfig.Target> read(Cursor entry, Optional<Task> task) {
        Optional<Cursor> list = entry.at(KEY);
        if (list.isEmpty()) {
            return targets.read(entry, task).stream().toList();
        }
        if (entry.has("model")) {
            list.get().problem("stands beside model; give one of them");
        }
        List<Cursor> items = list.get().items();
        if (list.get().tree() instanceof Tree.Items && (items.isEmpty() || items.size() > MOST)) {
            list.get().problem("must hold 1 to " + MOST + " targets, found " + items.size());
        }
        List<RouteConfig.Target> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        items.stream()
                .limit(MOST)
                .filter(item -> item.mustBeMapping("a mapping with name, weight and model"))
                .forEach(item -> target(item, task, names).ifPresent(read::add));
        if (!read.isEmpty() && read.stream().allMatch(target -> target.weight() == 0)) {
            list.get().problem("has no target with a weight above 0; those with 0 are asked only when others fail");
        }
        return read;
    }

    private Optional<RouteConfig.Target> target(Cursor item, Optional<Task> task, Set<String> names) {
        item.onlyKnown(KEYS);
        Optional<String> name = item.at("name").flatMap(RouteNames::read);
        int weight = item.at("weight")
                .flatMap(at -> Scalars.count(at, 0, MOST_WEIGHT))
                .orElse(1);
        Optional<RouteConfig.Price> price = price(item);
        Optional<RouteConfig.Target> model = targets.read(item, task);
        Optional<RouteConfig.Target> target = model.map(found -> new RouteConfig.Target(
                name.orElse(found.name()), found.provider(), found.model(), found.settings(), weight, price));
        if (target.isPresent() && !names.add(target.get().name())) {
            item.at("name")
                    .orElse(item)
                    .problem("another target of this route is called "
                            + Shown.value(target.get().name()) + " already; give it a name of its own");
        }
        return target;
    }

    /** What stands under {@code price:}; empty where nothing does, or something wrong. */
    static Optional<RouteConfig.Price> price(Cursor item) {
        return item.at(PRICE).flatMap(PriceReader::read);
    }
}
