package io.mlflowgateway.server;

import static io.mlflowgateway.server.testing.DocsTable.code;
import static io.mlflowgateway.server.testing.DocsTable.head;
import static io.mlflowgateway.server.testing.DocsTable.row;

import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.DocsTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What becomes of parameters at a provider, as a table of the docs: what is treated alike shares a row. */
public final class ParameterRows {
    private record Row(List<Task> tasks, Treatment treatment) {}

    private final Provider provider;
    private final List<Task> tasks;

    private ParameterRows(Provider provider) {
        this.provider = provider;
        this.tasks = provider.spec().tasks().stream().sorted().toList();
    }

    /** The table without what stands around it. */
    public static String of(Provider provider) {
        ParameterRows rows = new ParameterRows(provider);
        String named = rows.grouped(rows.names(), rows::treatments).entrySet().stream()
                .map(row -> rows.shown(
                        row.getValue().stream().map(DocsTable::code).collect(Collectors.joining(", ")), row.getKey()))
                .map(row -> row + "\n")
                .collect(Collectors.joining());
        String others = rows.grouped(List.of("all others"), name -> rows.others()).keySet().stream()
                .map(row -> rows.shown("all others", row))
                .collect(Collectors.joining("\n"));
        return head("Parameter", "Of", "What becomes of it") + "\n" + named + others;
    }

    private TreeSet<String> names() {
        return tasks.stream()
                .flatMap(task -> provider.parameters(task).listed(task).keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By task; those left out that are treated as all others are. */
    private Map<Task, Treatment> treatments(String name) {
        Map<Task, Treatment> found = new TreeMap<>();
        for (Task task : tasks) {
            Treatment treatment = provider.parameters(task).listed(task).get(name);
            if (treatment != null && !treatment.equals(provider.parameters(task).others())) {
                found.put(task, treatment);
            }
        }
        return found;
    }

    private Map<Task, Treatment> others() {
        Map<Task, Treatment> others = new TreeMap<>();
        tasks.forEach(task -> others.put(task, provider.parameters(task).others()));
        return others;
    }

    private Map<Row, List<String>> grouped(Iterable<String> names, Function<String, Map<Task, Treatment>> treatments) {
        Map<Row, List<String>> rows = new LinkedHashMap<>();
        for (String name : names) {
            Map<Task, Treatment> found = treatments.apply(name);
            found.values().stream()
                    .distinct()
                    .forEach(treatment -> rows.computeIfAbsent(
                                    new Row(tasksOf(found, treatment), treatment), row -> new ArrayList<>())
                            .add(name));
        }
        return rows;
    }

    private static List<Task> tasksOf(Map<Task, Treatment> found, Treatment treatment) {
        return found.entrySet().stream()
                .filter(entry -> entry.getValue().equals(treatment))
                .map(Map.Entry::getKey)
                .toList();
    }

    private String shown(String names, Row row) {
        String of = row.tasks().equals(tasks)
                ? "all"
                : row.tasks().stream()
                        .map(task -> task.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        String what = switch (row.treatment().kind()) {
            case FORWARD -> "forwarded";
            case UNSUPPORTED -> "not supported";
            case TRANSLATE -> row.treatment().rule().replace(Treatment.NAME, code("name"));
        };
        return row(names, of, what);
    }
}
