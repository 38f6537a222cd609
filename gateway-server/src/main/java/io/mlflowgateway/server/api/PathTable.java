package io.mlflowgateway.server.api;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Which path is served by whom: exact paths, and paths with one {@code {name}} that stands for a whole step of the path.
 * Filled at start, only read afterwards; then safe from any thread.
 */
final class PathTable {
    private static final String NAME = "{name}";

    /** Answers at a path. The table is the one in force when the path was matched; the name is empty without one. */
    @FunctionalInterface
    interface Handler {
        Mono<Answer> answer(RouteTable table, String name, Head head, byte[] body);
    }

    /** Answers for the route a path names. */
    @FunctionalInterface
    interface RouteHandler {
        Mono<Answer> answer(TargetRoute route, Head head, byte[] body);
    }

    /** What is served at a path, and the one method for it. */
    record Served(String method, Endpoint endpoint) {}

    private interface Binding {
        Optional<Endpoint> bind(RouteTable table, String name);
    }

    /** @param named whether a name stands between the two parts */
    private record Row(String method, String before, boolean named, String after, Binding binding) {
        /** Whether the path is this row's with anything but a slash in the name's place. */
        boolean matches(String path) {
            int end = path.length() - after.length();
            return end >= before.length()
                    && path.startsWith(before)
                    && path.endsWith(after)
                    && path.lastIndexOf('/', end - 1) < before.length();
        }

        String path() {
            return named ? before + NAME + after : before;
        }

        Optional<Served> served(RouteTable table, String name) {
            return binding.bind(table, name).map(endpoint -> new Served(method, endpoint));
        }
    }

    private final Map<String, Row> exact = new HashMap<>();
    private final List<Row> named = new ArrayList<>();

    void get(String path, Handler handler) {
        add("GET", path, bound(handler));
    }

    void post(String path, Handler handler) {
        add("POST", path, bound(handler));
    }

    /** Where the name must be a route's: without such a route nothing is served at the path, by any method. */
    void postToRoute(String path, RouteHandler handler) {
        add(
                "POST",
                path,
                (table, name) -> table.find(name).map(route -> (head, body) -> handler.answer(route, head, body)));
    }

    private static Binding bound(Handler handler) {
        return (table, name) -> Optional.of((head, body) -> handler.answer(table, name, head, body));
    }

    private void add(String method, String path, Binding binding) {
        int at = path.indexOf(NAME);
        if (at < 0) {
            exact.put(path, new Row(method, path, false, "", binding));
        } else {
            named.add(new Row(method, path.substring(0, at), true, path.substring(at + NAME.length()), binding));
        }
    }

    /** All paths with this method, as they were given here. */
    Set<String> paths(String method) {
        return Stream.concat(exact.values().stream(), named.stream())
                .filter(row -> row.method().equals(method))
                .map(Row::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * What is served at a path.
     *
     * @param path without a trailing slash
     * @param table seen by whoever answers
     */
    Optional<Served> find(String path, RouteTable table) {
        Row row = exact.get(path);
        if (row != null) {
            return row.served(table, "");
        }
        for (Row candidate : named) {
            if (candidate.matches(path)) {
                int end = path.length() - candidate.after().length();
                return candidate.served(table, path.substring(candidate.before().length(), end));
            }
        }
        return Optional.empty();
    }
}
