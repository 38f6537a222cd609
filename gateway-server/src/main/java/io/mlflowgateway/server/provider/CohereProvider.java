package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;

/** Cohere's v2 API: chat, completions over it, and embed. Shapes: cohere-python 7.3. */
public final class CohereProvider implements WireProvider {
    static final String KEY = "cohere_api_key";
    static final String BASE = "cohere_api_base";
    static final String INPUT_TYPE = "cohere_input_type";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "cohere",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(
                            BASE, Kind.URL, "https://api.cohere.com", "Where the API is, without its version."),
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
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Map<String, String> headers =
                CredentialHeader.bearer(settings.secret(KEY).orElseThrow());
        String base = settings.text(BASE).orElseThrow();
        if (query.task() == Task.EMBEDDINGS) {
            String inputType = settings.text(INPUT_TYPE).orElse("search_document");
            byte[] body = Json.bytes(CohereEmbeddings.body(Prompts.tree(query.body()), attempt.model(), inputType));
            return new UpstreamRequest(base + "/v2/embed", headers, body, false);
        }
        CohereRequest request = new CohereRequest(ChatReader.read(CompletionsOverChat.chat(query)), attempt.model());
        byte[] body = Json.bytes(request.body(query.streams()));
        return new UpstreamRequest(base + "/v2/chat", headers, body, query.streams());
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        if (query.task() == Task.EMBEDDINGS) {
            return CohereEmbeddings.reply(query, attempt, response.body());
        }
        return CompletionsOverChat.answered(query, CohereAnswer.read(response.body(), attempt));
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        return CompletionsOverChat.answered(query, ChunkReader.pieces(events, () -> new CohereStream(attempt)));
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
