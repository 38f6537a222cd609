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

/** A serving endpoint of a Databricks workspace; the model's name is the endpoint's. Shapes: docs/providers.md#databricks. */
public final class DatabricksProvider implements OpenAiLike {
    static final String HOST = "host";
    static final String TOKEN = "token";

    private static final ProviderSpec SPEC = new ProviderSpec(
                    "databricks",
                    List.of("databricks-model-serving"),
                    EnumSet.allOf(Task.class),
                    true,
                    List.of(
                            SettingKey.required(
                                            HOST,
                                            Kind.URL,
                                            "The workspace, without a path; or databricks_workspace_url.")
                                    .orCalled("databricks_workspace_url"),
                            SettingKey.required(
                                            TOKEN,
                                            Kind.SECRET,
                                            "Credential, sent as a bearer token; or databricks_api_token.")
                                    .orCalled("databricks_api_token")))
            .withTokens();

    /** The endpoint stands in the path. */
    private static final RequestForm FORM = RequestForm.OPENAI
            .withoutModel()
            .messages(new MessageForm(false, true, Set.of()))
            .scaled("1", "1");

    private static final RequestForm EMBEDDINGS = FORM.dropping(List.of("encoding_format"));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return task == Task.EMBEDDINGS ? EMBEDDINGS : FORM;
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(HOST).orElseThrow()
                + "/serving-endpoints/"
                + OpenAiWire.encoded(attempt.model())
                + "/invocations";
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(TOKEN));
    }
}
