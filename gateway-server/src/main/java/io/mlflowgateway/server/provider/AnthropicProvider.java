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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;

/**
 * Anthropic: the Messages API for chat and for completions, the API before it for completions of the models that know no
 * other. Shapes: anthropic-python 2.11.
 */
public final class AnthropicProvider implements WireProvider {
    static final String KEY = "anthropic_api_key";
    static final String BASE = "anthropic_api_base";
    static final String VERSION = "anthropic_version";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "anthropic",
            List.of(),
            EnumSet.of(Task.CHAT, Task.COMPLETIONS),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as x-api-key."),
                    SettingKey.optional(BASE, Kind.URL, "https://api.anthropic.com/v1", "Where the API is."),
                    SettingKey.optional(
                            VERSION,
                            Kind.TEXT,
                            "2023-06-01",
                            "Sent as anthropic-version. From 2026-10-21 on the API takes no sampling parameters.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return AnthropicParameters.MESSAGES;
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        if (isOld(task, model)) {
            return AnthropicParameters.COMPLETE;
        }
        return AnthropicParameters.of(model, AnthropicRequest.takesSampling(model, version(settings)));
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        String base = settings.text(BASE).orElseThrow();
        Map<String, String> headers = new HashMap<>(
                CredentialHeader.of("x-api-key", "", settings.secret(KEY).orElseThrow()));
        headers.put("anthropic-version", version(settings));
        if (isOld(query.task(), attempt.model())) {
            byte[] body = Json.bytes(AnthropicCompletion.body(query, attempt.model()));
            return new UpstreamRequest(base + "/complete", headers, body, query.streams());
        }
        AnthropicRequest request = new AnthropicRequest(
                ChatReader.read(CompletionsOverChat.chat(query)), attempt.model(), version(settings));
        byte[] body = Json.bytes(request.body(query.streams()));
        return new UpstreamRequest(base + "/messages", headers, body, query.streams());
    }

    private static String version(Settings settings) {
        return settings.text(VERSION).orElse("2023-06-01");
    }

    /** Models from before the Messages API take a prompt between "Human" and "Assistant". */
    private static boolean isOld(Task task, String model) {
        return task == Task.COMPLETIONS
                && (model.startsWith("claude-instant") || model.startsWith("claude-1") || model.startsWith("claude-2"));
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        if (isOld(query.task(), attempt.model())) {
            return AnthropicCompletion.reply(response.body(), attempt);
        }
        return CompletionsOverChat.answered(query, AnthropicAnswer.read(response.body(), attempt));
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        if (isOld(query.task(), attempt.model())) {
            return ChunkReader.pieces(events, () -> new AnthropicCompletionStream(attempt));
        }
        return CompletionsOverChat.answered(query, ChunkReader.pieces(events, () -> new AnthropicStream(attempt)));
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
