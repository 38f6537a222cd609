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
 * Hugging Face's servers, by their API in OpenAI's form: Text Generation Inference for chat and completions, Text
 * Embeddings Inference for embeddings. Shapes: docs/providers.md#huggingface-text-generation-inference.
 */
public final class TextGenerationInferenceProvider implements OpenAiLike {
    static final String URL = "hf_server_url";
    static final String KEY = "hf_api_key";

    /** A server has one model, whatever it is called. */
    private static final ProviderSpec SPEC = new ProviderSpec(
                    "huggingface-text-generation-inference",
                    List.of(),
                    EnumSet.allOf(Task.class),
                    true,
                    List.of(
                            SettingKey.required(URL, Kind.URL, "The server's root, without /v1."),
                            SettingKey.optional(
                                    KEY,
                                    Kind.SECRET,
                                    "",
                                    "Credential, sent as a bearer token where something asks for one.")))
            .withoutModel();

    private static final RequestForm FORM = RequestForm.OPENAI.messages(new MessageForm(false, true, Set.of()));

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
        return attempt.settings().text(URL).orElseThrow() + "/v1" + OpenAiWire.path(task);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }
}
