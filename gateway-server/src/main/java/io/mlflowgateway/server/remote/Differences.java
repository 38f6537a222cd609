package io.mlflowgateway.server.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What differs between the routes of two configurations, in what both show of them. Immutable. */
public final class Differences {
    private static final String NONE = "none";

    private final List<String> added;
    private final List<String> removed;
    private final List<List<String>> changed;

    private Differences(List<String> added, List<String> removed, List<List<String>> changed) {
        this.added = added;
        this.removed = removed;
        this.changed = changed;
    }

    /**
     * From one to the other; the order of routes is no difference.
     *
     * @param now routes by name, each as {@link io.mlflowgateway.server.config.PublicConfig} shows it
     * @param next likewise
     */
    public static Differences between(Map<String, JsonNode> now, Map<String, JsonNode> next) {
        List<String> added = new ArrayList<>();
        List<List<String>> changed = new ArrayList<>();
        next.forEach((name, route) -> {
            JsonNode before = now.get(name);
            if (before == null) {
                added.add("+ " + described(name, route));
            } else {
                List<String> fields = fields(flat(before), flat(route));
                if (!fields.isEmpty()) {
                    changed.add(headed("~ " + Plain.text(name), fields));
                }
            }
        });
        List<String> removed = now.entrySet().stream()
                .filter(route -> !next.containsKey(route.getKey()))
                .map(route -> "- " + described(route.getKey(), route.getValue()))
                .toList();
        return new Differences(added, removed, changed);
    }

    public boolean none() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** Each on lines of its own: {@code +} added, {@code -} removed, {@code ~} changed, with old and new of each field. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(added);
        lines.addAll(removed);
        changed.forEach(lines::addAll);
        return lines;
    }

    @Override
    public String toString() {
        return added.size() + " added, " + removed.size() + " removed, " + changed.size() + " changed";
    }

    /** Old and new value of each key that differs, a line each, indented. */
    public static List<String> fields(Map<String, String> now, Map<String, String> next) {
        Set<String> keys = new LinkedHashSet<>(next.keySet());
        keys.addAll(now.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(now.get(key), next.get(key)))
                .map(key -> "    " + Plain.text(key) + ": " + Plain.text(now.getOrDefault(key, NONE)) + " -> "
                        + Plain.text(next.getOrDefault(key, NONE)))
                .toList();
    }

    private static List<String> headed(String head, List<String> lines) {
        List<String> all = new ArrayList<>(List.of(head));
        all.addAll(lines);
        return List.copyOf(all);
    }

    private static String described(String name, JsonNode route) {
        return Plain.text(name)
                + flat(route).entrySet().stream()
                        .map(field -> Plain.text(field.getKey()) + " " + Plain.text(field.getValue()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** Every value below by its dotted path, without the name. */
    private static Map<String, String> flat(JsonNode route) {
        Map<String, String> flat = new LinkedHashMap<>();
        route.properties().stream()
                .filter(field -> !field.getKey().equals("name"))
                .forEach(field -> flatten(field.getKey(), field.getValue(), flat));
        return flat;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> flat) {
        if (node.isValueNode()) {
            flat.put(path, node.asText());
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.path(i), flat);
            }
        } else {
            node.properties().forEach(field -> flatten(path + "." + field.getKey(), field.getValue(), flat));
        }
    }
}
