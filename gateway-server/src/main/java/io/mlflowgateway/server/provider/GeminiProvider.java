package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
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

/**
 * Google's Gemini API with an API key: {@code generateContent} for chat and for completions, {@code embedContent} for one
 * text and {@code batchEmbedContents} for several. Shapes: google-genai 3.4.
 */
public final class GeminiProvider implements WireProvider {
    static final String KEY = "gemini_api_key";
    static final String BASE = "gemini_api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "gemini",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as x-goog-api-key."),
                    SettingKey.optional(
                            BASE,
                            Kind.URL,
                            "https://generativelanguage.googleapis.com/v1beta",
                            "Where the API is, with its version.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public int mostTexts(Attempt attempt) {
        return GeminiEmbeddings.MOST_TEXTS;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return task == Task.EMBEDDINGS ? GeminiParameters.EMBED : GeminiParameters.GENERATE;
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Map<String, String> headers =
                CredentialHeader.of("x-goog-api-key", "", settings.secret(KEY).orElseThrow());
        JsonNode body = query.task() == Task.EMBEDDINGS
                ? GeminiEmbeddings.body(Prompts.tree(query.body()), model(attempt))
                : new GeminiRequest(ChatReader.read(CompletionsOverChat.chat(query)), model(attempt)).body();
        String url = settings.text(BASE).orElseThrow() + "/models/" + OpenAiWire.encoded(model(attempt))
                + method(query, body);
        return new UpstreamRequest(url, headers, Json.bytes(body), query.streams());
    }

    private static String method(Query query, JsonNode body) {
        if (query.task() == Task.EMBEDDINGS) {
            return body.has("requests") ? ":batchEmbedContents" : ":embedContent";
        }
        return query.streams() ? ":streamGenerateContent?alt=sse" : ":generateContent";
    }

    private static String model(Attempt attempt) {
        String model = attempt.model();
        return model.startsWith("models/") ? model.substring("models/".length()) : model;
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        if (query.task() == Task.EMBEDDINGS) {
            return GeminiEmbeddings.reply(query, attempt, response.body());
        }
        return CompletionsOverChat.answered(query, GeminiAnswer.read(response.body(), attempt));
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        int choices = OpenAiWire.choicesAsked(query.body());
        return CompletionsOverChat.answered(
                query, ChunkReader.pieces(events, () -> new GeminiStream(attempt, choices)));
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return GeminiAnswer.refusal(attempt, response);
    }
}
