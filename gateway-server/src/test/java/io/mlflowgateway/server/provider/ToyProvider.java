package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

// tag::class[]
/** Toy's chat API, which is OpenAI's but for the name of the limit. Shapes: docs/providers.md#toy. */
public final class ToyProvider implements OpenAiLike {
    static final String KEY = "toy_api_key";
    static final String BASE = "toy_api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "toy",
            List.of(),
            EnumSet.of(Task.CHAT),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(BASE, Kind.URL, "https://api.toy.example/v1", "Where the API is.")));

    private static final RequestForm FORM = RequestForm.OPENAI.renaming(Map.of("max_tokens", "limit"));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return FORM;
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow() + "/chat/completions";
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }
}
// end::class[]
