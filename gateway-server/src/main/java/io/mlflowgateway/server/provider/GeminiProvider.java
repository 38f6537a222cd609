package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.SettingRule;
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
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Google's Gemini API with an API key: {@code generateContent} for chat and for completions, {@code embedContent} for one
 * text and {@code batchEmbedContents} for several. The same models on Vertex AI, with bearer tokens, where embeddings are
 * {@code predict}. Shapes: google-genai 3.4.
 */
public final class GeminiProvider implements WireProvider {
    static final String KEY = "gemini_api_key";
    static final String BASE = "gemini_api_base";
    static final String TYPE = "gemini_api_type";
    static final String PROJECT = "vertex_project";
    static final String LOCATION = "vertex_location";
    static final String VERTEX_BASE = "vertex_api_base";
    static final String ACCOUNT = "vertex_credentials";

    private static final ProviderSpec SPEC = new ProviderSpec(
                    "gemini",
                    List.of(),
                    EnumSet.allOf(Task.class),
                    true,
                    List.of(
                            SettingKey.required(
                                    KEY, Kind.SECRET, "Credential, sent as x-goog-api-key; for vertex a bearer token."),
                            SettingKey.choice(
                                    TYPE, List.of("gemini", GeminiAddress.VERTEX), "Whose form of the API it is."),
                            SettingKey.optional(
                                    BASE,
                                    Kind.URL,
                                    "https://generativelanguage.googleapis.com/v1beta",
                                    "Where the API is, with its version."),
                            SettingKey.optional(PROJECT, Kind.TEXT, "", "Vertex AI: the project of Google Cloud."),
                            SettingKey.optional(
                                    LOCATION, Kind.TEXT, "global", "Vertex AI: a region, eu, us, or global."),
                            SettingKey.optional(
                                    ACCOUNT,
                                    Kind.KEY_FILE,
                                    "",
                                    "Vertex AI: the key file of a service account (JSON), or the variable of it, in place"
                                            + " of the key."),
                            SettingKey.optional(
                                    VERTEX_BASE,
                                    Kind.URL,
                                    "",
                                    "Vertex AI: where the API is, with its version; the location's host when absent.")))
            .withTokens()
            .withRules(List.of(
                    new SettingRule(TYPE, Set.of(GeminiAddress.VERTEX), List.of(PROJECT), List.of(BASE)),
                    new SettingRule(
                            TYPE, Set.of("gemini"), List.of(), List.of(PROJECT, LOCATION, ACCOUNT, VERTEX_BASE))));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public int mostTexts(Attempt attempt) {
        return GeminiAddress.isVertex(attempt.settings())
                ? VertexEmbeddings.mostTexts(attempt.model())
                : GeminiEmbeddings.MOST_TEXTS;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return task == Task.EMBEDDINGS ? GeminiParameters.EMBED : GeminiParameters.GENERATE;
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        boolean predicts = task == Task.EMBEDDINGS && GeminiAddress.isVertex(settings);
        return predicts ? GeminiParameters.PREDICT : parameters(task);
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        JsonNode body = body(query, attempt);
        String url = GeminiAddress.of(attempt.settings(), model(attempt), method(query, body));
        return new UpstreamRequest(url, GeminiAddress.headers(attempt), Json.bytes(body), query.streams());
    }

    private static JsonNode body(Query query, Attempt attempt) {
        if (query.task() != Task.EMBEDDINGS) {
            return new GeminiRequest(ChatReader.read(CompletionsOverChat.chat(query)), model(attempt)).body();
        }
        ObjectNode asked = Prompts.tree(query.body());
        return GeminiAddress.isVertex(attempt.settings())
                ? VertexEmbeddings.body(asked)
                : GeminiEmbeddings.body(asked, model(attempt));
    }

    private static String method(Query query, JsonNode body) {
        if (query.task() == Task.EMBEDDINGS && body.has("instances")) {
            return ":predict";
        }
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
            return GeminiAddress.isVertex(attempt.settings())
                    ? VertexEmbeddings.reply(query, attempt, response.body())
                    : GeminiEmbeddings.reply(query, attempt, response.body());
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
