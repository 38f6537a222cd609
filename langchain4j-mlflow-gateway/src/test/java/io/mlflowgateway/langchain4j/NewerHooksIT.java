package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** The methods that LangChain4j 1.20 calls, on whichever LangChain4j the tests run. */
class NewerHooksIT {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Who?")).build();

    @Test
    void the_publisher_hook_says_langchain4js_own_events_where_there_are_any() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .event("{\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm.\"}}]}")
                .says("Goethe.")
                .event(
                        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"now\","
                                + "\"arguments\":\"{}\"}}]}}]}")
                .stops("stop")
                .event("[DONE]")
                .end())) {
            MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .returnThinking(true)
                    .build();

            if (newer()) {
                assertThat(names(model.doChat(REQUEST)))
                        .containsExactly(
                                "PartialThinking",
                                "PartialResponse",
                                "PartialToolCall",
                                "CompleteToolCall",
                                "CompleteResponse");
                Method chat = StreamingChatModel.class.getMethod("chat", ChatRequest.class);
                assertThat(names(chat.invoke(model, REQUEST))).hasSize(5).endsWith("CompleteResponse");
            } else {
                assertThatThrownBy(() -> names(model.doChat(REQUEST)))
                        .isInstanceOf(UnsupportedFeatureException.class)
                        .hasMessageContaining("1.20");
                assertThat(gateway.seen()).isEmpty();
            }
        }
    }

    @Test
    void the_asynchronous_hooks_are_what_langchain4j_calls_where_it_does() throws Exception {
        try (StubGateway gateway = deployments(
                (request, wire) -> wire.json(
                        200,
                        "{\"choices\":[{\"message\":{\"content\":\"Goethe.\"}}],\"data\":[{\"index\":0,\"embedding\":[1]}]}"))) {
            MlflowGatewayChatModel chat = MlflowGatewayChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .build();
            MlflowGatewayEmbeddingModel embeddings = MlflowGatewayEmbeddingModel.builder()
                    .baseUrl(gateway.url())
                    .route("embeddings")
                    .build();
            EmbeddingRequest texts = EmbeddingRequest.builder().input("one").build();

            Object answer = newer()
                    ? ChatModel.class.getMethod("chatAsync", ChatRequest.class).invoke(chat, REQUEST)
                    : chat.doChatAsync(REQUEST);
            Object vectors = newer()
                    ? EmbeddingModel.class
                            .getMethod("embedAsync", EmbeddingRequest.class)
                            .invoke(embeddings, texts)
                    : embeddings.doEmbedAsync(texts);

            assertThat(((ChatResponse) StubGateway.soon((CompletableFuture<?>) answer))
                            .aiMessage()
                            .text())
                    .isEqualTo("Goethe.");
            assertThat(((EmbeddingResponse) StubGateway.soon((CompletableFuture<?>) vectors)).embeddings())
                    .hasSize(1);
        }
    }

    private static boolean newer() {
        return Arrays.stream(ChatModel.class.getMethods())
                .anyMatch(method -> method.getName().equals("doChatAsync"));
    }

    private static List<String> names(Object publisher) {
        Flux<?> events = JdkFlowAdapter.flowPublisherToFlux((Flow.Publisher<?>) publisher);
        return events.map(event -> event.getClass().getSimpleName())
                .collectList()
                .blockOptional(Duration.ofSeconds(10))
                .orElseThrow();
    }
}
