package io.mlflowgateway.server.provider.parameter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Task;
import java.util.Map;

/** Tells as JSON what a task of a provider can do: whether it streams, what becomes of parameters, how it was tried. */
public final class Capabilities {
    private Capabilities() {}

    /** The task of one provider. */
    public static ObjectNode of(Task task, boolean streams, Status status, ParameterTable table) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("status", status.wireName());
        shown.put("streams", streams && task != Task.EMBEDDINGS);
        ObjectNode parameters = shown.putObject("parameters");
        for (Map.Entry<String, Treatment> named : table.listed(task).entrySet()) {
            parameters.set(named.getKey(), treatment(named.getValue()));
        }
        return shown.set("other_parameters", treatment(table.others()));
    }

    private static ObjectNode treatment(Treatment treatment) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("treatment", treatment.kind().wireName());
        return treatment.rule().isEmpty() ? shown : shown.put("rule", treatment.rule());
    }
}
