package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Status;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model behind {@code mlflow models serve} (or any MLflow scoring server): {@code POST /invocations} with
 * {@code inputs} and {@code params}. MLflow's own rules: chat takes one message, nothing streams, parameters go into
 * {@code params} as the caller gave them ({@code temperature} unscaled, in the range of the caller's API).
 */
public final class MlflowModelServingProvider implements WithoutStreams {
    static final String URL = "model_server_url";

    /** What is said to the gateway and not to the model. */
    private static final Set<String> NOT_PARAMETERS =
            Set.of("model", "stream", "stream_options", "encoding_format", "messages", "prompt", "input");

    private static final ParameterTable PARAMETERS = new ParameterTable(
                    Map.of(), Treatment.sentAs("params." + Treatment.NAME))
            .with(Treatment.doneHere("not sent: nothing streams"), "stream_options")
            .with(Treatment.VECTORS_WRITTEN, "encoding_format");

    /** The server at the URL serves one model, whatever it is called. */
    private static final ProviderSpec SPEC = new ProviderSpec(
                    "mlflow-model-serving",
                    List.of(),
                    EnumSet.allOf(Task.class),
                    false,
                    List.of(SettingKey.required(URL, Kind.URL, "Where the model is served, without /invocations.")))
            .withoutModel();

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return PARAMETERS;
    }

    /** Of {@code mlflow models serve}, by {@code interop/cases/model_serving.py}. */
    @Override
    public Status status(Task task) {
        return Status.REAL;
    }

    @Override
    public UpstreamRequest encodeWhole(Query query, Attempt attempt) {
        ObjectNode asked = Prompts.tree(query.body());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("inputs", inputs(query.task(), asked));
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        asked.properties().stream()
                .filter(member -> !NOT_PARAMETERS.contains(member.getKey()))
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> params.set(name(member.getKey(), query), member.getValue()));
        if (!params.isEmpty()) {
            body.set("params", params);
        }
        String url = attempt.settings().text(URL).orElseThrow() + "/invocations";
        return new UpstreamRequest(url, Map.of(), Json.bytes(body), false);
    }

    /** Models that are served for callers of MLflow 2.8 know the number of answers by its name of then. */
    private static String name(String member, Query query) {
        boolean isClassic = query.temperatureRange() == TemperatureRange.ZERO_TO_ONE;
        return isClassic && member.equals("n") ? "candidate_count" : member;
    }

    private static ArrayNode inputs(Task task, ObjectNode asked) {
        ArrayNode inputs = JsonNodeFactory.instance.arrayNode();
        switch (task) {
            case CHAT -> inputs.add(onlyMessage(asked.path("messages")));
            case COMPLETIONS -> inputs.addAll(Prompts.oneOrMore(asked.path("prompt")));
            case EMBEDDINGS -> inputs.addAll(Prompts.oneOrMore(asked.path("input")));
        }
        return inputs;
    }

    private static String onlyMessage(JsonNode messages) {
        if (messages.size() != 1) {
            throw Failure.of(
                    Failure.Kind.UNPROCESSABLE,
                    "MLflow chat models are only capable of processing a single message; got " + messages.size());
        }
        JsonNode content = messages.path(0).path("content");
        for (JsonNode part : content) {
            if (!part.isTextual() && !part.path("type").asText("text").equals("text")) {
                throw Failure.of(Failure.Kind.UNPROCESSABLE, "MLflow chat models take text and nothing else");
            }
        }
        return Prompts.text(content);
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        return new Predictions(query, attempt).read(response.body());
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
