package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.SettingRule;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * OpenAI, Azure's deployments of its models, and every server that speaks its API. The caller's body goes on as it is
 * but for the model's name, the scaled temperature, and for streams {@code stream} and the request for a usage chunk;
 * answers come back byte for byte, but for what Azure sends beside them.
 */
public final class OpenAiProvider implements WireProvider {
    static final String KEY = "openai_api_key";
    static final String BASE = "openai_api_base";
    static final String TYPE = "openai_api_type";
    static final String VERSION = "openai_api_version";
    static final String DEPLOYMENT = "openai_deployment_name";
    static final String ORGANIZATION = "openai_organization";
    static final String AZURE = "azure";
    static final String AZURE_AD = "azuread";

    private static final Set<String> AZURES = Set.of(AZURE, AZURE_AD);

    /** Azure knows the model by the deployment in the path. */
    private static final RequestForm AZURE_FORM = RequestForm.OPENAI.withoutModel();

    private static final ProviderSpec SPEC = new ProviderSpec(
                    "openai",
                    List.of(),
                    EnumSet.allOf(Task.class),
                    true,
                    List.of(
                            SettingKey.required(
                                    KEY, Kind.SECRET, "Credential: a bearer token, or for azure an api-key header."),
                            SettingKey.optional(
                                    BASE,
                                    Kind.URL,
                                    "https://api.openai.com/v1",
                                    "Where the API is; any OpenAI-compatible server, or the Azure resource."),
                            SettingKey.choice(TYPE, List.of("openai", AZURE, AZURE_AD), "Whose form of the API it is."),
                            SettingKey.optional(
                                    VERSION, Kind.TEXT, "", "Sent as the api-version query parameter when it is set."),
                            SettingKey.optional(DEPLOYMENT, Kind.TEXT, "", "Azure's name of the deployment."),
                            SettingKey.optional(
                                    ORGANIZATION, Kind.TEXT, "", "Sent as the OpenAI-Organization header.")))
            .withTokens()
            .withRules(List.of(
                    new SettingRule(TYPE, AZURES, List.of(BASE, VERSION, DEPLOYMENT), List.of(ORGANIZATION)),
                    new SettingRule(TYPE, Set.of("openai"), List.of(), List.of(DEPLOYMENT))));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return RequestForm.OPENAI.parameters(task);
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        RequestForm form = isAzure(settings) ? AZURE_FORM : RequestForm.OPENAI;
        Payload body = OpenAiWire.edit(query, attempt.model(), form).toPayload();
        return new UpstreamRequest(url(query.task(), settings), headers(attempt), body, query.streams());
    }

    private static boolean isAzure(Settings settings) {
        return AZURES.contains(settings.text(TYPE).orElse(""));
    }

    private static String url(Task task, Settings settings) {
        String deployment = isAzure(settings)
                ? "/openai/deployments/"
                        + OpenAiWire.encoded(settings.text(DEPLOYMENT).orElseThrow())
                : "";
        String version = settings.text(VERSION).orElse("");
        return settings.text(BASE).orElseThrow()
                + deployment
                + OpenAiWire.path(task)
                + (version.isEmpty() ? "" : "?api-version=" + OpenAiWire.encoded(version));
    }

    private static Map<String, String> headers(Attempt attempt) {
        Settings settings = attempt.settings();
        Secret credential = attempt.credential().secret();
        boolean isToken = attempt.credential().isToken();
        if (settings.text(TYPE).orElse("").equals(AZURE) && !isToken) {
            return CredentialHeader.of("api-key", "", credential);
        }
        Map<String, String> headers = new HashMap<>(CredentialHeader.bearer(credential));
        settings.text(ORGANIZATION)
                .filter(organization -> !organization.isEmpty())
                .ifPresent(organization -> headers.put("OpenAI-Organization", organization));
        return headers;
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        return OpenAiWire.decode(response.body(), query.task(), attempt.settings());
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        Settings settings = attempt.settings();
        Flux<SseEvent> chunks = isAzure(settings) ? AzureChunks.mended(events) : events;
        return OpenAiStream.read(chunks, query.task(), settings, OpenAiWire.choicesAsked(query.body()));
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
