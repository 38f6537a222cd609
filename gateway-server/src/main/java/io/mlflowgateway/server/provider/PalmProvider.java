package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * Google's PaLM API, the one before Gemini, as MLflow asks it: for configurations of its time, and for servers that still
 * speak it.
 */
public final class PalmProvider implements WithoutStreams {
    static final String KEY = "palm_api_key";
    static final String BASE = "palm_api_base";

    /** In one call. */
    private static final int MOST_TEXTS = 100;

    private static final ProviderSpec SPEC = new ProviderSpec(
            "palm",
            List.of(),
            EnumSet.allOf(Task.class),
            false,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as x-goog-api-key."),
                    SettingKey.optional(
                            BASE,
                            Kind.URL,
                            "https://generativelanguage.googleapis.com/v1beta3",
                            "Where the API is, with its version.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return switch (task) {
            case CHAT -> PalmParameters.MESSAGE;
            case COMPLETIONS -> PalmParameters.TEXT;
            case EMBEDDINGS -> PalmParameters.EMBED;
        };
    }

    @Override
    public int mostTexts(Attempt attempt) {
        return MOST_TEXTS;
    }

    @Override
    public UpstreamRequest encodeWhole(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Map<String, String> headers =
                CredentialHeader.of("x-goog-api-key", "", settings.secret(KEY).orElseThrow());
        String model = attempt.model().replaceFirst("^models/", "");
        String url = settings.text(BASE).orElseThrow() + "/models/" + OpenAiWire.encoded(model) + method(query.task());
        return new UpstreamRequest(url, headers, Json.bytes(body(query)), false);
    }

    private static ObjectNode body(Query query) {
        return switch (query.task()) {
            case CHAT -> PalmRequest.chat(query);
            case COMPLETIONS -> PalmRequest.text(query);
            case EMBEDDINGS -> PalmRequest.embeddings(Prompts.tree(query.body()));
        };
    }

    private static String method(Task task) {
        return switch (task) {
            case CHAT -> ":generateMessage";
            case COMPLETIONS -> ":generateText";
            case EMBEDDINGS -> ":batchEmbedText";
        };
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        return switch (query.task()) {
            case CHAT -> PalmAnswer.candidates(response.body(), attempt, "content");
            case COMPLETIONS ->
                CompletionsOverChat.asCompletion(PalmAnswer.candidates(response.body(), attempt, "output"));
            case EMBEDDINGS -> PalmAnswer.embeddings(query, attempt, response.body());
        };
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return GeminiAnswer.refusal(attempt, response);
    }
}
