package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Ollama's API in OpenAI's form. Shapes: docs/providers.md#ollama. */
public final class OllamaProvider implements OpenAiLike {
    static final String KEY = "api_key";
    static final String BASE = "api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "ollama",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.optional(BASE, Kind.URL, "http://127.0.0.1:11434/v1", "Where the server is."),
                    SettingKey.optional(
                            KEY, Kind.SECRET, "", "Credential, sent as a bearer token where something asks for one.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return RequestForm.OPENAI;
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow() + OpenAiWire.path(task);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }
}
