package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import io.mlflowgateway.samples.process.CacheFolder;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayProcess;
import io.mlflowgateway.samples.process.LocalModelProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real small model by llama.cpp, behind the gateway's provider {@code openai-compatible}: every task, whole and streamed.
 * Only where {@code ./demo --local-model} has fetched the weights before.
 */
class LocalModelThroughGatewayIT {
    private static final Path JAR = Path.of("..", "gateway-server", "target", "gateway-server.jar");
    private static final String WEIGHTS = "gemma-3-270m";
    private static final String QUESTION = "What is the capital of France?";

    @TempDir
    Path folder;

    @Test
    void a_real_model_chats_completes_and_embeds_behind_the_gateway() throws Exception {
        assumeTrue(weightsAreHere(), "skipped: the weights are not here, ./demo --local-model fetches them");

        try (Children children = new Children(Optional.empty())) {
            String url = gateway(children);

            ChatResponse whole = MlflowGatewayChatModel.builder()
                    .baseUrl(url)
                    .route("chat")
                    .build()
                    .chat(UserMessage.from(QUESTION));
            Streamed streamed = streamed(url);
            Response<String> completed = MlflowGatewayLanguageModel.builder()
                    .baseUrl(url)
                    .route("completions")
                    .build()
                    .generate("The capital of France is");
            MlflowGatewayEmbeddingModel vectors = MlflowGatewayEmbeddingModel.builder()
                    .baseUrl(url)
                    .route("embeddings")
                    .build();

            assertThat(whole.aiMessage().text()).contains("Paris");
            assertThat(whole.tokenUsage().inputTokenCount()).isPositive();
            assertThat(whole.tokenUsage().outputTokenCount()).isPositive();
            assertThat(streamed.response().aiMessage().text()).contains("Paris").isEqualTo(streamed.pieces());
            assertThat(streamed.response().finishReason()).isEqualTo(whole.finishReason());
            assertThat(completed.content()).contains("France");
            assertThat(vectors.embed("a cat").content().vector()).hasSize(384);
        }
    }

    private static boolean weightsAreHere() throws IOException {
        Path models = CacheFolder.ofUser().folder("models");
        try (var files = Files.list(models)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(WEIGHTS));
        }
    }

    private String gateway(Children children) throws IOException {
        LocalModelProcess models = LocalModelProcess.start(
                children,
                Files.createDirectory(folder.resolve("model-server")),
                Duration.ofSeconds(90),
                List.of("--local-model"));
        String config = "endpoints:\n"
                + endpoint("chat", WEIGHTS, models.url())
                + endpoint("completions", WEIGHTS, models.url())
                + endpoint("embeddings", "all-minilm-l6-v2", models.url());
        Path file = Files.writeString(folder.resolve("gateway.yaml"), config);
        return GatewayProcess.start(children, JAR, file, folder.resolve("gateway.log"))
                .url();
    }

    private static String endpoint(String task, String model, String server) {
        return """
              - name: %s
                endpoint_type: llm/v1/%s
                model:
                  provider: openai-compatible
                  name: %s
                  config:
                    api_base: %s/v1
            """.formatted(task, task, model, server);
    }

    private record Streamed(String pieces, ChatResponse response) {}

    private static Streamed streamed(String url) throws Exception {
        List<String> pieces = new ArrayList<>();
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        MlflowGatewayStreamingChatModel.builder()
                .baseUrl(url)
                .route("chat")
                .build()
                .chat(QUESTION, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        pieces.add(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        end.completeExceptionally(failure);
                    }
                });
        ChatResponse response = end.get(60, TimeUnit.SECONDS);
        return new Streamed(String.join("", pieces), response);
    }
}
