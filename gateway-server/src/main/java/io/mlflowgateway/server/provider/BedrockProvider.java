package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.AwsSettings;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.aws.AwsCredentials;
import io.mlflowgateway.server.provider.aws.AwsRequest;
import io.mlflowgateway.server.provider.aws.SigV4;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Credential;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * Amazon Bedrock: Converse for chat, InvokeModel for vectors and for completions of the models that have a form of their
 * own for them, Converse for those of the others. Shapes: botocore 1.44.5, {@code bedrock-runtime} 2023-09-30.
 */
public final class BedrockProvider implements WireProvider {
    static final String INPUT_TYPE = "cohere_input_type";

    private static final ProviderSpec SPEC = new ProviderSpec(
                    "bedrock", List.of("amazon-bedrock"), EnumSet.allOf(Task.class), true, keys())
            .withAwsCredentials();

    private static List<SettingKey> keys() {
        List<SettingKey> keys = new ArrayList<>(AwsSettings.keysOfTarget());
        keys.add(SettingKey.choice(
                INPUT_TYPE,
                List.of("search_document", "search_query", "classification", "clustering"),
                "What texts to embed are for with Cohere's models, where the caller does not say it as input_type."));
        return keys;
    }

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public int mostTexts(Attempt attempt) {
        return BedrockEmbeddings.mostTexts(attempt.model());
    }

    @Override
    public ParameterTable parameters(Task task) {
        return BedrockParameters.of(task, "");
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        return BedrockParameters.of(task, model);
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        String model = attempt.model();
        Optional<InvokeForm> form = form(query, attempt);
        byte[] body = Json.bytes(
                query.task() == Task.EMBEDDINGS
                        ? BedrockEmbeddings.body(Prompts.tree(query.body()), model, inputType(attempt))
                        : form.map(found -> found.body(query, attempt)).orElseGet(() -> converse(query, model)));
        String url = base(attempt.settings()) + "/model/" + OpenAiWire.encoded(model) + method(query, form);
        return new UpstreamRequest(url, Map.of(), Payload.of(body), query.streams(), Framing.AWS_EVENT_STREAM);
    }

    private static ObjectNode converse(Query query, String model) {
        return new ConverseRequest(ChatReader.read(CompletionsOverChat.chat(query)), model).body();
    }

    private static Optional<InvokeForm> form(Query query, Attempt attempt) {
        return query.task() == Task.COMPLETIONS ? BedrockModels.completions(attempt.model()) : Optional.empty();
    }

    private static String method(Query query, Optional<InvokeForm> form) {
        boolean invokes = query.task() == Task.EMBEDDINGS || form.isPresent();
        if (invokes) {
            return query.streams() ? "/invoke-with-response-stream" : "/invoke";
        }
        return query.streams() ? "/converse-stream" : "/converse";
    }

    private static String inputType(Attempt attempt) {
        return attempt.settings().text(INPUT_TYPE).orElse("search_document");
    }

    private static String base(Settings settings) {
        String region = settings.text(AwsSettings.REGION).orElseThrow();
        String ending = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
        return settings.text(AwsSettings.ENDPOINT).orElse("https://bedrock-runtime." + region + ending);
    }

    /** Signs it as it goes out, or shows a key of Bedrock's. */
    @Override
    public UpstreamRequest authorized(UpstreamRequest request, Attempt attempt) {
        if (!(attempt.credential() instanceof Credential.Keys keys)) {
            return request.with(CredentialHeader.bearer(
                    attempt.settings().secret(AwsSettings.BEARER).orElseThrow()));
        }
        URI url = URI.create(request.url());
        Map<String, String> signed = Map.of("Content-Type", request.contentType());
        AwsRequest toSign = new AwsRequest("POST", host(url), url.getRawPath(), "", signed, request.body());
        AwsCredentials by = new AwsCredentials(keys.id(), keys.secretKey(), keys.sessionToken(), Optional.empty());
        String region = attempt.settings().text(AwsSettings.REGION).orElseThrow();
        return request.with(new SigV4(region, "bedrock").sign(toSign, by, attempt.now()));
    }

    /** As the Host header has it: without the scheme's own port. */
    private static String host(URI url) {
        boolean own = url.getPort() == ("https".equalsIgnoreCase(url.getScheme()) ? 443 : 80);
        return own ? url.getHost() : url.getRawAuthority();
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        if (query.task() == Task.EMBEDDINGS) {
            return BedrockEmbeddings.reply(query, attempt, response);
        }
        return form(query, attempt)
                .map(form -> form.reply(response, attempt))
                .orElseGet(() -> CompletionsOverChat.answered(query, ConverseAnswer.read(response.body(), attempt)));
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        return form(query, attempt)
                .map(form -> ChunkReader.pieces(events, () -> new InvokeStream(attempt, form.reader(attempt))))
                .orElseGet(() -> CompletionsOverChat.answered(
                        query, ChunkReader.pieces(events, () -> new ConverseStream(attempt))));
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return BedrockErrors.of(response, attempt);
    }
}
