package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client against servers that answer as MLflow 2.8 and MLflow 2.22 do. */
class DialectIT {

    @Test
    void mlflow_2_8_is_recognised_and_spoken_to_in_its_own_shape() throws Exception {
        try (StubGateway gateway = mlflow28()) {
            ChatRequest request = ChatRequest.builder()
                    .messages(
                            SystemMessage.from("Answer briefly."), UserMessage.from("Кто написал «Фауста»? 誰が書いた？ 🙂"))
                    .parameters(MlflowGatewayChatRequestParameters.builder()
                            .temperature(0.2)
                            .topP(0.9)
                            .frequencyPenalty(0.1)
                            .presencePenalty(0.3)
                            .maxOutputTokens(64)
                            .stopSequences(List.of("END"))
                            .n(2)
                            .seed(7)
                            .user("reader-1")
                            .build())
                    .build();

            ChatResponse response = chat(gateway).chat(request);

            StubGateway.Seen call = gateway.calls().get(0);
            assertThat(call.path()).isEqualTo("/gateway/chat/invocations");
            assertThat(Fixtures.parse(call.body())).isEqualTo(Fixtures.json("classic-chat-request.json"));
            assertThat(response.aiMessage().text()).isEqualTo("Goethe.");
            assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(24);
            assertThat(((MlflowGatewayChatResponseMetadata) response.metadata()).servedModel())
                    .isEqualTo("gpt-x-2026");
        }
    }

    @Test
    void a_streaming_model_hands_out_the_whole_answer_of_mlflow_2_8_in_one_piece() throws Exception {
        try (StubGateway gateway = mlflow28()) {
            RecordingHandler handler = new RecordingHandler();

            MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .build()
                    .chat("Who?", handler);
            handler.response();

            assertThat(handler.callbacks).containsExactly("text Goethe.", "complete Goethe.");
            assertThat(handler.threads).hasSize(1).doesNotContain(Thread.currentThread());
            assertThat(gateway.calls().get(0).body()).doesNotContain("stream");
        }
    }

    @Test
    void completions_and_embeddings_of_mlflow_2_8_are_understood() throws Exception {
        try (StubGateway gateway = mlflow28()) {
            MlflowGatewayLanguageModel completions = MlflowGatewayLanguageModel.builder()
                    .baseUrl(gateway.url())
                    .route("completions")
                    .build();
            MlflowGatewayEmbeddingModel embeddings = MlflowGatewayEmbeddingModel.builder()
                    .baseUrl(gateway.url())
                    .route("embeddings")
                    .build();

            Response<String> text = completions.generate("Once upon a time");
            Response<List<Embedding>> vectors =
                    embeddings.embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")));

            assertThat(text.content()).isEqualTo("there was a king.");
            assertThat(text.tokenUsage()).isNull();
            assertThat(vectors.content())
                    .containsExactly(Embedding.from(new float[] {0.25f, -0.5f}), Embedding.from(new float[] {1, 2}));
            assertThat(Fixtures.parse(gateway.calls().get(1).body()))
                    .isEqualTo(Fixtures.json("classic-embeddings-request.json"));
        }
    }

    @Test
    void text_in_parts_is_joined_for_mlflow_2_8_and_what_it_cannot_do_is_refused_before_the_call() throws Exception {
        try (StubGateway gateway = mlflow28()) {
            MlflowGatewayChatModel model = chat(gateway);

            model.chat(UserMessage.from(TextContent.from("one"), TextContent.from("two")));

            assertThat(gateway.calls().get(0).body()).contains("\"content\":\"one\\ntwo\"");
            assertThatThrownBy(() -> model.chat(UserMessage.from(ImageContent.from("aGk=", "image/png"))))
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("not support");
            assertThatThrownBy(() -> model.chat(ChatRequest.builder()
                            .messages(UserMessage.from("?"))
                            .toolSpecifications(
                                    ToolSpecification.builder().name("now").build())
                            .build()))
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("tool");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void mlflow_2_22_is_recognised_and_no_model_is_sent() throws Exception {
        try (StubGateway gateway = mlflow222()) {
            assertThat(chat(gateway).chat("Who?")).isEqualTo("Goethe.");
            assertThat(gateway.calls().get(0).path()).isEqualTo("/endpoints/chat/invocations");
        }
    }

    @Test
    void the_server_is_asked_once_by_all_models_of_a_client_together() throws Exception {
        try (StubGateway gateway = mlflow222();
                MlflowGatewayClient client =
                        MlflowGatewayClient.builder().baseUrl(gateway.url()).build()) {
            List<MlflowGatewayChatModel> models = IntStream.range(0, 8)
                    .mapToObj(number -> MlflowGatewayChatModel.builder()
                            .client(client)
                            .route("chat")
                            .build())
                    .toList();

            List<CompletableFuture<String>> answers = models.stream()
                    .map(model -> CompletableFuture.supplyAsync(() -> model.chat("Who?")))
                    .toList();
            answers.forEach(answer -> assertThat(StubGateway.soon(answer)).isEqualTo("Goethe."));

            assertThat(gateway.seen().stream()
                            .filter(request -> request.method().equals("GET")))
                    .hasSize(1);
        }
    }

    @Test
    void a_dialect_that_is_set_is_not_asked_for() throws Exception {
        try (StubGateway gateway = mlflow28()) {
            MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .dialect(MlflowGatewayDialect.ROUTES)
                    .build();

            assertThat(model.chat("Who?")).isEqualTo("Goethe.");
            assertThat(gateway.seen()).hasSize(1);
        }
    }

    @Test
    void a_failed_question_is_asked_again_next_time() throws Exception {
        CompletableFuture<Void> awake = new CompletableFuture<>();
        try (StubGateway gateway = new StubGateway((request, wire) -> {
            if (!awake.isDone()) {
                wire.json(503, "{\"detail\":\"starting\"}");
            } else if (request.method().equals("GET")) {
                wire.json(200, Fixtures.text("endpoints.json"));
            } else {
                wire.json(200, Fixtures.text("chat-response.json"));
            }
        })) {
            MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .maxRetries(0)
                    .build();

            assertThatThrownBy(() -> model.chat("Who?")).hasMessageContaining("starting");
            awake.complete(null);

            assertThat(model.chat("Who?")).isEqualTo("Goethe.");
        }
    }

    @Test
    void an_address_without_a_gateway_is_told_as_such() throws Exception {
        try (StubGateway nothing =
                new StubGateway((request, wire) -> wire.json(404, Fixtures.text("error-404.json")))) {
            assertThatThrownBy(() -> chat(nothing).chat("Who?"))
                    .isInstanceOf(ModelNotFoundException.class)
                    .hasMessageContaining("No gateway at " + nothing.url())
                    .hasMessageContaining("dialect");
        }
    }

    @Test
    void who_may_not_list_may_still_call_but_a_wrong_key_is_told() throws Exception {
        try (StubGateway noList = new StubGateway((request, wire) ->
                        wire.json(request.method().equals("GET") ? 403 : 200, Fixtures.text("chat-response.json")));
                StubGateway noKey = new StubGateway((request, wire) -> wire.json(401, "{\"detail\":\"who?\"}"))) {
            assertThat(chat(noList).chat("Who?")).isEqualTo("Goethe.");
            assertThatThrownBy(() -> chat(noKey).chat("Who?")).isInstanceOf(AuthenticationException.class);
        }
    }

    private static MlflowGatewayChatModel chat(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .build();
    }

    private static StubGateway mlflow28() {
        return new StubGateway((request, wire) -> {
            switch (request.path()) {
                case "/api/2.0/gateway/routes/" -> wire.json(200, Fixtures.text("routes.json"));
                case "/gateway/chat/invocations" -> wire.json(200, Fixtures.text("classic-chat-response.json"));
                case "/gateway/completions/invocations" ->
                    wire.json(200, Fixtures.text("classic-completions-response.json"));
                case "/gateway/embeddings/invocations" ->
                    wire.json(200, Fixtures.text("classic-embeddings-response.json"));
                default -> wire.json(404, Fixtures.text("error-404.json"));
            }
        });
    }

    private static StubGateway mlflow222() {
        return new StubGateway((request, wire) -> {
            boolean namesModel = Fixtures.parse(request.body().isEmpty() ? "{}" : request.body())
                    .has("model");
            if (namesModel) {
                wire.json(422, "{\"detail\":\"The parameter 'model' is not permitted\"}");
                return;
            }
            switch (request.path()) {
                case "/api/2.0/endpoints/" -> wire.json(200, Fixtures.text("endpoints.json"));
                case "/endpoints/chat/invocations" -> wire.json(200, Fixtures.text("chat-response.json"));
                default -> wire.json(404, Fixtures.text("error-404.json"));
            }
        });
    }
}
