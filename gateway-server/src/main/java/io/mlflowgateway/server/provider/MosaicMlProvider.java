package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.provider.parameter.OpenAiParameters;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MosaicML's inference API as MLflow asks it: {@code inputs} and {@code parameters}, chat as one text for Llama 2. For
 * configurations of its time, and for servers that still speak it.
 */
public final class MosaicMlProvider implements WithoutStreams {
    static final String KEY = "mosaicml_api_key";
    static final String BASE = "mosaicml_api_base";

    /** The only models whose way to chat is known. */
    private static final String CHATS = "llama2";

    /** OpenAI's that nothing becomes of. */
    private static final List<String> UNSUPPORTED = List.of(
            "tools",
            "functions",
            "tool_choice",
            "function_call",
            "parallel_tool_calls",
            "response_format",
            "n",
            "user");

    private static final String PARAMETERS = "parameters.";

    private static final ParameterTable TEXT = new ParameterTable(
                    Map.of(), Treatment.sentAs(PARAMETERS + Treatment.NAME))
            .without(UNSUPPORTED)
            .with(Treatment.sentAs(PARAMETERS + "max_new_tokens"), "max_tokens", "max_completion_tokens")
            .with(Treatment.sentAs(PARAMETERS + "stop", "as a list"), "stop")
            .with(Treatment.doneHere("not sent: nothing streams"), "stream_options");

    private static final ParameterTable EMBED =
            ParameterTable.CLOSED.with(Treatment.VECTORS_WRITTEN, "encoding_format");

    private static final List<String> CALLERS_FAULTS =
            List.of("Error: max output tokens is limited to", "Error: prompt token count");

    private static final ProviderSpec SPEC = new ProviderSpec(
            "mosaicml",
            List.of(),
            EnumSet.allOf(Task.class),
            false,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as it is as Authorization."),
                    SettingKey.optional(
                            BASE,
                            Kind.URL,
                            "https://models.hosted-on.mosaicml.hosting",
                            "Where the models are, without their names.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return task == Task.EMBEDDINGS ? EMBED : TEXT;
    }

    @Override
    public UpstreamRequest encodeWhole(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Map<String, String> headers =
                CredentialHeader.of("Authorization", "", settings.secret(KEY).orElseThrow());
        String url = settings.text(BASE).orElseThrow() + "/" + OpenAiWire.encoded(attempt.model()) + "/v1/predict";
        return new UpstreamRequest(url, headers, Json.bytes(body(query, attempt.model())), false);
    }

    private static ObjectNode body(Query query, String model) {
        ObjectNode asked = Prompts.tree(query.body());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode inputs = body.putArray("inputs");
        switch (query.task()) {
            case CHAT -> inputs.add(chat(query, model));
            case COMPLETIONS -> inputs.addAll(Prompts.oneOrMore(asked.path("prompt")));
            case EMBEDDINGS -> inputs.addAll(Prompts.texts(asked.path("input"), "mosaicml"));
        }
        if (query.task() != Task.EMBEDDINGS) {
            body.set("parameters", parameters(asked, query));
        }
        return body;
    }

    private static String chat(Query query, String model) {
        if (!model.startsWith(CHATS)) {
            throw Failure.of(
                    Failure.Kind.UNPROCESSABLE, "mosaicml chats with models only whose names begin with " + CHATS);
        }
        ChatQuery chat = ChatReader.read(query);
        Prompts.onlyPlain(chat, "mosaicml");
        return LlamaPrompt.of(chat.turns());
    }

    /** As the caller gave them, {@code temperature} too; the limit of tokens by another name. */
    private static ObjectNode parameters(ObjectNode asked, Query query) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        var limits = ChatReader.parameters(asked, query.temperatureRange());
        limits.maxTokens().ifPresent(value -> parameters.put("max_new_tokens", value));
        if (!limits.stops().isEmpty()) {
            limits.stops().forEach(parameters.putArray("stop")::add);
        }
        asked.properties().stream()
                .filter(member -> !OpenAiParameters.CONTENT.contains(member.getKey()))
                .filter(member -> TEXT.of(member.getKey()).equals(TEXT.others()))
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> parameters.set(member.getKey(), member.getValue()));
        return parameters;
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        JsonNode outputs = JsonObjects.ofAnswer(response.body()).path("outputs");
        if (query.task() == Task.EMBEDDINGS) {
            return Vectors.reply(outputs, Usage.UNKNOWN, query, attempt.model());
        }
        ChatAnswer chat =
                new ChatAnswer("chatcmpl", attempt.model(), attempt.now().getEpochSecond());
        for (JsonNode output : outputs) {
            if (!output.isTextual()) {
                throw JsonObjects.invalidAnswer("has an output that is no text");
            }
            chat.choice().text(output.asText()).finish(Finish.STOP, "");
        }
        return CompletionsOverChat.answered(query, chat.reply(Usage.UNKNOWN));
    }

    /** Too many tokens are told as a fault of the server, and are none. */
    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        Failure failure = Refusals.of(response, attempt.settings());
        String words = Optional.ofNullable(failure.getMessage()).orElse("");
        return failure.status() == 500 && CALLERS_FAULTS.stream().anyMatch(words::startsWith)
                ? Failure.upstream(422, words)
                : failure;
    }
}
