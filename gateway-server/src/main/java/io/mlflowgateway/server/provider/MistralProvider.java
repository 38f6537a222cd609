package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Mistral. Its API refuses members it does not know, so those stay behind; completions are asked as chat. Shapes:
 * docs/providers.md#mistral.
 */
public final class MistralProvider implements OpenAiLike {
    static final String KEY = "mistral_api_key";
    static final String BASE = "mistral_api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "mistral",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(BASE, Kind.URL, "https://api.mistral.ai/v1", "Where the API is.")));

    private static final MessageForm MESSAGES = new MessageForm(
            false, true, Set.of("role", "content", "name", "tool_calls", "tool_call_id", "prefix"), true);

    private static final RequestForm CHAT = RequestForm.OPENAI
            .closedTo(
                    "model",
                    "messages",
                    "temperature",
                    "top_p",
                    "top_k",
                    "min_tokens",
                    "max_tokens",
                    "stream",
                    "stop",
                    "n",
                    "random_seed",
                    "presence_penalty",
                    "frequency_penalty",
                    "repetition_penalty",
                    "response_format",
                    "tools",
                    "tool_choice",
                    "parallel_tool_calls",
                    "prediction",
                    "prompt_mode",
                    "reasoning_effort",
                    "safe_prompt",
                    "guardrails",
                    "metadata",
                    "prompt_cache_key",
                    "service_tier")
            .renaming(Map.of("seed", "random_seed", "max_completion_tokens", "max_tokens"))
            .withoutStreamOptions()
            .messages(MESSAGES)
            .scaled("1", "1");

    private static final RequestForm COMPLETIONS = CHAT.askingChat().scaled("1", "0.5");

    private static final RequestForm EMBEDDINGS = RequestForm.OPENAI
            .closedTo("model", "input", "output_dimension", "output_dtype", "encoding_format", "metadata")
            .renaming(Map.of("dimensions", "output_dimension"));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return switch (task) {
            case CHAT -> CHAT;
            case COMPLETIONS -> COMPLETIONS;
            case EMBEDDINGS -> EMBEDDINGS;
        };
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow()
                + OpenAiWire.path(task == Task.COMPLETIONS ? Task.CHAT : task);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }
}
