package io.mlflowgateway.server.provider.parameter;

import io.mlflowgateway.server.query.Task;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of each parameter of a task at one provider. {@link #OPEN} forwards all; the tables of others are made from
 * {@link #OPEN}, {@link #CLOSED} or {@link #TRANSLATED} by what differs.
 *
 * @param named those that are treated otherwise than the others
 * @param others what becomes of every parameter that is not named
 */
public record ParameterTable(Map<String, Treatment> named, Treatment others) {
    /** Forwards all, known or not. */
    public static final ParameterTable OPEN = new ParameterTable(Map.of(), Treatment.FORWARD);

    /** Takes none but those that are named. */
    public static final ParameterTable CLOSED = new ParameterTable(Map.of(), Treatment.UNSUPPORTED);

    /** Of OpenAI's for chat and completions takes those that are named; what OpenAI does not know is forwarded. */
    public static final ParameterTable TRANSLATED =
            OPEN.without(OpenAiParameters.TEXT).with(Treatment.USAGE_COMES, Treatment.STREAM_OPTIONS);

    public ParameterTable {
        named = Map.copyOf(named);
    }

    /** This, with these treated so. */
    public ParameterTable with(Treatment treatment, Collection<String> names) {
        Map<String, Treatment> all = new HashMap<>(named);
        names.forEach(name -> all.put(name, treatment));
        return new ParameterTable(all, others);
    }

    public ParameterTable with(Treatment treatment, String... names) {
        return with(treatment, List.of(names));
    }

    /** This, with these forwarded. */
    public ParameterTable forwarding(Collection<String> names) {
        return with(Treatment.FORWARD, names);
    }

    public ParameterTable forwarding(String... names) {
        return forwarding(List.of(names));
    }

    /** This, with these unsupported. */
    public ParameterTable without(Collection<String> names) {
        return with(Treatment.UNSUPPORTED, names);
    }

    public ParameterTable without(String... names) {
        return without(List.of(names));
    }

    /** What becomes of the parameter. */
    public Treatment of(String name) {
        return named.getOrDefault(name, others);
    }

    /** Whether there is none that it does not support. */
    public boolean takesAll() {
        return !others.isUnsupported()
                && named.values().stream()
                        .noneMatch(treatment ->
                                treatment.isUnsupported() || !treatment.unless().isEmpty());
    }

    /** OpenAI's parameters of the task and the provider's own, and what a closed table takes besides; by name. */
    public SortedMap<String, Treatment> listed(Task task) {
        SortedMap<String, Treatment> all = new TreeMap<>();
        OpenAiParameters.of(task).forEach(name -> all.put(name, of(name)));
        named.forEach((name, treatment) -> {
            boolean isExtra = others.isUnsupported() && !treatment.isUnsupported();
            if (!OpenAiParameters.CONTENT.contains(name) && (isExtra || !OpenAiParameters.isOfSomeTask(name))) {
                all.put(name, treatment);
            }
        });
        return all;
    }
}
