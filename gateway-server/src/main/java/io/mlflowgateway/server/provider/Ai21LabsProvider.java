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

/** AI21's Jamba models; completions are asked as chat. Shapes: docs/providers.md#ai21labs. */
public final class Ai21LabsProvider implements OpenAiLike {
    static final String KEY = "ai21labs_api_key";
    static final String BASE = "ai21labs_api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "ai21labs",
            List.of(),
            EnumSet.of(Task.CHAT, Task.COMPLETIONS),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(BASE, Kind.URL, "https://api.ai21.com/studio/v1", "Where the API is.")));

    /** OpenAI's members that Jamba has no place for; others may be Jamba's own, and go. */
    private static final List<String> NOT_JAMBAS = List.of(
            "user",
            "safety_identifier",
            "seed",
            "store",
            "metadata",
            "service_tier",
            "frequency_penalty",
            "presence_penalty",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "parallel_tool_calls",
            "reasoning_effort",
            "verbosity",
            "prediction",
            "modalities",
            "audio",
            "web_search_options",
            "prompt_cache_key",
            "echo",
            "best_of",
            "suffix");

    private static final RequestForm CHAT = RequestForm.OPENAI
            .dropping(NOT_JAMBAS)
            .renaming(Map.of("max_completion_tokens", "max_tokens"))
            .withoutStreamOptions()
            .messages(new MessageForm(false, false, Set.of()))
            .scaled("1", "1");

    private static final RequestForm COMPLETIONS = CHAT.askingChat();

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return task == Task.COMPLETIONS ? COMPLETIONS : CHAT;
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow() + OpenAiWire.path(Task.CHAT);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }
}
