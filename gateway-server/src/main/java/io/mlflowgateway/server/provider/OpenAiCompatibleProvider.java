package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.Status;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Any server with OpenAI's API; how it differs is told in the configuration. Shapes: docs/providers.md#openai-compatible. */
public final class OpenAiCompatibleProvider implements OpenAiLike {
    static final String KEY = "api_key";
    static final String BASE = "api_base";
    static final String HEADER = "auth_header";
    static final String PREFIX = "auth_prefix";
    static final String DROPPED = "drop_parameters";
    static final String STREAM_USAGE = "stream_usage";

    private static final String AUTHORIZATION = "Authorization";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "openai-compatible",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(BASE, Kind.URL, "Where the API is, for example up to /v1."),
                    SettingKey.optional(KEY, Kind.SECRET, "", "Credential; without it none is sent."),
                    SettingKey.optional(HEADER, Kind.HEADER, AUTHORIZATION, "The header the credential goes into."),
                    SettingKey.optional(
                            PREFIX,
                            Kind.TEXT,
                            "",
                            "Stands before the credential; Bearer in Authorization and nothing in other headers."),
                    SettingKey.optional(
                            DROPPED, Kind.NAMES, "", "Parameters of callers that the server does not take."),
                    SettingKey.optional(
                            STREAM_USAGE, Kind.FLAG, "true", "Whether streams are asked for the tokens they used.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public Status status(Task task) {
        return Status.REAL;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        RequestForm form = settings.text(DROPPED)
                .map(names -> RequestForm.OPENAI.dropping(List.of(names.split(","))))
                .orElse(RequestForm.OPENAI);
        boolean usage = settings.text(STREAM_USAGE).orElse("true").equals("true");
        return usage ? form : form.withoutStreamOptions();
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow() + OpenAiWire.path(task);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        String header = settings.text(HEADER).orElse(AUTHORIZATION);
        String usual = header.equalsIgnoreCase(AUTHORIZATION) ? "Bearer" : "";
        String prefix = settings.text(PREFIX).orElse(usual);
        return settings.secret(KEY)
                .map(credential -> CredentialHeader.of(header, prefix, credential))
                .orElse(Map.of());
    }
}
