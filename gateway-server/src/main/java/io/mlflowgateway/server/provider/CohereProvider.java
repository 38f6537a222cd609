package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;

/**
 * Cohere's v2 API: chat, completions over it, and embed; or its v1 API: chat, generate, and embed. Shapes: cohere-python 7.3.
 */
public final class CohereProvider implements WireProvider {
    static final String KEY = "cohere_api_key";
    static final String BASE = "cohere_api_base";
    static final String INPUT_TYPE = "cohere_input_type";
    static final String VERSION = "cohere_api_version";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "cohere",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(
                            BASE, Kind.URL, "https://api.cohere.com", "Where the API is, without its version."),
                    SettingKey.choice(VERSION, List.of("v2", "v1"), "Which API is asked."),
                    SettingKey.choice(
                            INPUT_TYPE,
                            List.of("search_document", "search_query", "classification", "clustering"),
                            "What texts to embed are for, where the caller does not say it as input_type.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public int mostTexts(Attempt attempt) {
        return CohereEmbeddings.MOST_TEXTS;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return task == Task.EMBEDDINGS ? CohereParameters.EMBED : CohereParameters.CHAT;
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        if (!isV1(settings)) {
            return parameters(task);
        }
        return switch (task) {
            case CHAT -> CohereParameters.CHAT_V1;
            case COMPLETIONS -> CohereParameters.GENERATE;
            case EMBEDDINGS -> CohereParameters.EMBED_V1;
        };
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Map<String, String> headers =
                CredentialHeader.bearer(settings.secret(KEY).orElseThrow());
        String url = settings.text(BASE).orElseThrow() + path(query.task(), isV1(attempt.settings()));
        Payload body = Payload.of(Json.bytes(body(query, attempt)));
        // v1 writes a line for each event.
        Framing framing = isV1(attempt.settings()) ? Framing.NDJSON : Framing.SSE;
        return new UpstreamRequest(url, headers, body, query.streams(), framing);
    }

    private static boolean isV1(Settings settings) {
        return settings.text(VERSION).orElse("").equals("v1");
    }

    private static String path(Task task, boolean isV1) {
        return switch (task) {
            case EMBEDDINGS -> isV1 ? "/v1/embed" : "/v2/embed";
            case COMPLETIONS -> isV1 ? "/v1/generate" : "/v2/chat";
            case CHAT -> isV1 ? "/v1/chat" : "/v2/chat";
        };
    }

    private static ObjectNode body(Query query, Attempt attempt) {
        String model = attempt.model();
        if (query.task() == Task.EMBEDDINGS) {
            ObjectNode asked = Prompts.tree(query.body());
            String inputType = attempt.settings().text(INPUT_TYPE).orElse("search_document");
            return isV1(attempt.settings())
                    ? CohereV1Request.embed(asked, model, inputType)
                    : CohereEmbeddings.body(asked, model, inputType);
        }
        if (isV1(attempt.settings())) {
            return query.task() == Task.CHAT
                    ? CohereV1Request.chat(query, model)
                    : CohereV1Request.generate(query, model);
        }
        return new CohereRequest(ChatReader.read(CompletionsOverChat.chat(query)), model).body(query.streams());
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        if (query.task() == Task.EMBEDDINGS) {
            return CohereEmbeddings.reply(query, attempt, response.body());
        }
        if (isV1(attempt.settings())) {
            return query.task() == Task.CHAT
                    ? CohereV1Answer.chat(response.body(), attempt)
                    : CohereV1Answer.generations(response.body(), attempt);
        }
        return CompletionsOverChat.answered(query, CohereAnswer.read(response.body(), attempt));
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        int choices = OpenAiWire.choicesAsked(query.body());
        Flux<Piece> chat = isV1(attempt.settings())
                ? ChunkReader.pieces(events, () -> new CohereV1Stream(attempt, choices))
                : ChunkReader.pieces(events, () -> new CohereStream(attempt));
        return CompletionsOverChat.answered(query, chat);
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
