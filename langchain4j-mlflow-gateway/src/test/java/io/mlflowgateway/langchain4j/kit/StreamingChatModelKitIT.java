package io.mlflowgateway.langchain4j.kit;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;

import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.MlflowGatewayChatRequestParameters;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mockito.InOrder;

/** What every streaming chat model of LangChain4j does, over our own transport and over LangChain4j's. */
@Kit
@Execution(ExecutionMode.CONCURRENT)
class StreamingChatModelKitIT extends AbstractStreamingChatModelIT {

    private final KitGateway gateway;

    StreamingChatModelKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<StreamingChatModel> models() {
        return List.of(
                gateway.streamingChat().build(),
                gateway.streamingChat()
                        .httpClientBuilder(new JdkHttpClientBuilder())
                        .build());
    }

    @Override
    protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
        return gateway.streamingChat(parameters).build();
    }

    @Override
    public StreamingChatModel createModelWith(ChatModelListener listener) {
        return gateway.streamingChat().listeners(listener).build();
    }

    @Override
    protected String customModelName() {
        return KitGateway.OTHER_CHAT;
    }

    @Override
    protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
        return MlflowGatewayChatRequestParameters.builder()
                .maxOutputTokens(maxOutputTokens)
                .build();
    }

    @Override
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(StreamingChatModel model) {
        return MlflowGatewayChatResponseMetadata.class;
    }

    @Override
    protected Class<? extends TokenUsage> tokenUsageType(StreamingChatModel model) {
        return MlflowGatewayTokenUsage.class;
    }

    @Override
    protected void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder in, String id) {
        weather(handler, in, id);
    }

    @Override
    protected void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder in, String id1, String id2) {
        weather(handler, in, id1);
        partial(handler, in, 1, id2, "getTime", List.of("{\"coun", "try\":\"", "France", "\"}"));
        in.verify(handler).onCompleteToolCall(complete(1, id2, "getTime", "{\"country\":\"France\"}"));
    }

    private static void weather(StreamingChatResponseHandler handler, InOrder in, String id) {
        partial(handler, in, 0, id, "getWeather", List.of("{\"city", "\":\"Mun", "ich\"}"));
        in.verify(handler).onCompleteToolCall(complete(0, id, "getWeather", "{\"city\":\"Munich\"}"));
    }

    private static void partial(
            StreamingChatResponseHandler handler, InOrder in, int index, String id, String name, List<String> pieces) {
        pieces.forEach(piece -> in.verify(handler).onPartialToolCall(eq(partial(index, id, name, piece)), any()));
    }
}
