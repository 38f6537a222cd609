package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel.MlflowGatewayChatModelBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel.MlflowGatewayEmbeddingModelBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder;
import io.mlflowgateway.langchain4j.kit.model.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The gateway's jar in front of the small model, started once for all suites. The routes are {@link #CHAT}, {@link
 * #OTHER_CHAT}, {@link #EMBEDDINGS}, and {@link #REFUSED} and {@link #REFUSED_EMBEDDINGS}, whose credential is wrong.
 */
final class KitGateway implements AutoCloseable {

    static final String CHAT = "chat";
    static final String OTHER_CHAT = "other-chat";
    static final String EMBEDDINGS = "embeddings";
    static final String REFUSED = "refused";
    static final String REFUSED_EMBEDDINGS = "refused-embeddings";

    /** Half of what the kit waits, so that a failure says what was waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScriptedUpstream upstream;
    private final Path config;
    private final GatewayProcess process;
    private final String url;

    KitGateway() {
        try {
            SuiteNotes.forget();
            upstream = new ScriptedUpstream();
            config = Files.createTempFile("kit-gateway", ".yaml");
            Files.writeString(
                    config,
                    "endpoints:\n"
                            + route(CHAT, "chat", ScriptedUpstream.KEY)
                            + route(OTHER_CHAT, "chat", ScriptedUpstream.KEY)
                            + route(EMBEDDINGS, "embeddings", ScriptedUpstream.KEY)
                            + route(REFUSED, "chat", "a-wrong-key")
                            + route(REFUSED_EMBEDDINGS, "embeddings", "a-wrong-key"));
            process = new GatewayProcess(config);
            url = process.url();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String route(String name, String task, String key) {
        return """
                  - name: %s
                    endpoint_type: llm/v1/%s
                    model:
                      provider: openai
                      name: model-of-%s
                      config: {openai_api_key: '%s', openai_api_base: '%s'}
                """.formatted(name, task, name, key, upstream.base());
    }

    String url() {
        return url;
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    /** {@return a model's builder that speaks to {@link #CHAT} and may be asked for JSON by a schema} */
    MlflowGatewayChatModelBuilder chat() {
        return MlflowGatewayChatModel.builder()
                .baseUrl(url)
                .route(CHAT)
                .firstByteTimeout(PATIENCE)
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    /** As {@link #chat()}. */
    MlflowGatewayStreamingChatModelBuilder streamingChat() {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(url)
                .route(CHAT)
                .firstByteTimeout(PATIENCE)
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    /** As {@link #chat()}; the route is that of the parameters if they have one. */
    MlflowGatewayChatModelBuilder chat(ChatRequestParameters parameters) {
        return chat().route(parameters.modelName() == null ? CHAT : null).defaultRequestParameters(parameters);
    }

    /** As {@link #chat(ChatRequestParameters)}. */
    MlflowGatewayStreamingChatModelBuilder streamingChat(ChatRequestParameters parameters) {
        return streamingChat()
                .route(parameters.modelName() == null ? CHAT : null)
                .defaultRequestParameters(parameters);
    }

    MlflowGatewayEmbeddingModelBuilder embeddings() {
        return MlflowGatewayEmbeddingModel.builder().baseUrl(url).route(EMBEDDINGS);
    }

    @Override
    public void close() throws IOException {
        process.close();
        upstream.close();
        Files.delete(config);
    }
}
