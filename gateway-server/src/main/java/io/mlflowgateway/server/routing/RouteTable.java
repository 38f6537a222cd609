package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Task;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All routes of one configuration, immutable. A reload puts another table in its place. */
public final class RouteTable {
    private final Map<String, TargetRoute> byName = new LinkedHashMap<>();
    private final String version;

    /**
     * @param routes names must be unique
     * @param version of the configuration they came from
     */
    public RouteTable(List<TargetRoute> routes, String version) {
        routes.forEach(route -> byName.put(route.name(), route));
        this.version = version;
    }

    /** The route of this name. Constant time. */
    public Optional<TargetRoute> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In the configuration's order. */
    public Collection<TargetRoute> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** How many routes serve the task. */
    public long count(Task task) {
        return byName.values().stream().filter(route -> route.task() == task).count();
    }

    /** What the calls of all routes go out by. */
    public Set<Sender> senders() {
        return byName.values().stream()
                .flatMap(route -> route.senders().stream())
                .collect(Collectors.toSet());
    }

    public String version() {
        return version;
    }
}
