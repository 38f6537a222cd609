package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.token.OAuthTokenProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The models against a server that answers as a Databricks workspace does, by both of its addresses. */
class ServingEndpointsIT {

    /** A workspace and the way its endpoints are called. */
    enum Way {
        INVOCATIONS(MlflowGatewayDialect.SERVING_ENDPOINTS, ""),
        OPENAI(MlflowGatewayDialect.OPENAI, "/serving-endpoints");

        private final MlflowGatewayDialect dialect;
        private final String below;

        Way(MlflowGatewayDialect dialect, String below) {
            this.dialect = dialect;
            this.below = below;
        }

        <B extends MlflowGatewayModelBuilder<B>> B to(StubGateway workspace, String endpoint, B builder) {
            return builder.baseUrl(workspace.url() + below)
                    .dialect(dialect)
                    .apiKey("dapi-fake")
                    .endpoint(endpoint);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_chat_goes_to_the_endpoint_of_its_route(Way way) throws Exception {
        try (StubGateway workspace = workspace()) {
            MlflowGatewayChatModel model =
                    way.to(workspace, "chat", MlflowGatewayChatModel.builder()).build();

            String answer = model.chat("Who wrote Faust?");

            assertThat(answer).isEqualTo("Goethe.");
            StubGateway.Seen call = workspace.seen().get(0);
            assertThat(workspace.seen()).hasSize(1);
            assertThat(call.headers()).containsEntry("Authorization", "Bearer dapi-fake");
            assertSentTo(way, call, "chat", "/chat/completions");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_chat_is_streamed(Way way) throws Exception {
        try (StubGateway workspace = workspace()) {
            RecordingHandler handler = new RecordingHandler();

            way.to(workspace, "chat", MlflowGatewayStreamingChatModel.builder())
                    .build()
                    .chat("Who?", handler);

            assertThat(handler.response().tokenUsage().totalTokenCount()).isEqualTo(11);
            assertThat(handler.callbacks).containsExactly("text Goe", "text the", "complete Goethe");
            assertSentTo(way, workspace.seen().get(0), "chat", "/chat/completions");
        }
    }

    @ParameterizedTest
    @EnumSource
    void texts_are_completed_and_embedded(Way way) throws Exception {
        try (StubGateway workspace = workspace()) {
            MlflowGatewayLanguageModel completions = way.to(workspace, "legacy", MlflowGatewayLanguageModel.builder())
                    .build();
            MlflowGatewayEmbeddingModel embeddings = way.to(workspace, "gte", MlflowGatewayEmbeddingModel.builder())
                    .build();

            assertThat(completions.generate("Once upon a time").content()).isEqualTo("there was a king.");
            assertThat(embeddings
                            .embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")))
                            .content())
                    .containsExactly(Embedding.from(new float[] {0.25f, -0.5f}), Embedding.from(new float[] {1, 2}));

            assertSentTo(way, workspace.seen().get(0), "legacy", "/completions");
            assertSentTo(way, workspace.seen().get(1), "gte", "/embeddings");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_model_calls_another_endpoint_when_a_request_says_so(Way way) throws Exception {
        try (StubGateway workspace = workspace()) {
            MlflowGatewayChatModel model =
                    way.to(workspace, "chat", MlflowGatewayChatModel.builder()).build();

            model.chat(ChatRequest.builder()
                    .messages(UserMessage.from("Hi"))
                    .modelName("other")
                    .build());

            assertSentTo(way, workspace.seen().get(0), "other", "/chat/completions");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_in_the_words_of_databricks_is_understood(Way way) throws Exception {
        try (StubGateway workspace = new StubGateway((request, wire) -> wire.json(
                404,
                "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"The endpoint 'x' does not exist.\"}",
                "X-Databricks-Request-Id: db-1"))) {
            MlflowGatewayChatModel model =
                    way.to(workspace, "x", MlflowGatewayChatModel.builder()).build();

            assertThatThrownBy(() -> model.chat("Hi"))
                    .isInstanceOf(ModelNotFoundException.class)
                    .hasMessageContaining("The endpoint 'x' does not exist.")
                    .asInstanceOf(type(GatewayFailure.class))
                    .extracting(GatewayFailure::details)
                    .satisfies(
                            told -> assertThat(told.code()).contains("ENDPOINT_NOT_FOUND"),
                            told -> assertThat(told.requestId()).contains("db-1"));
        }
    }

    @Test
    void the_endpoints_of_a_workspace_are_a_catalog() throws Exception {
        try (StubGateway workspace = workspace()) {
            MlflowGatewayModelCatalog catalog = MlflowGatewayModelCatalog.builder()
                    .baseUrl(workspace.url())
                    .dialect(MlflowGatewayDialect.SERVING_ENDPOINTS)
                    .build();

            List<ModelDescription> models = catalog.listModels();

            assertThat(models).extracting(ModelDescription::name).containsExactly("chat", "databricks-gte-large-en");
            assertThat(models).extracting(ModelDescription::type).containsExactly(ModelType.CHAT, ModelType.EMBEDDING);
            assertThat(models).extracting(ModelDescription::owner).containsExactly("openai", "databricks");
        }
    }

    @Test
    void the_models_of_openais_api_are_a_catalog_without_types() throws Exception {
        try (StubGateway server = workspace()) {
            MlflowGatewayClient client = MlflowGatewayClient.builder()
                    .baseUrl(server.url() + "/v1")
                    .dialect(MlflowGatewayDialect.OPENAI)
                    .build();

            assertThat(client.searchRoutes()).extracting(Route::name).containsExactly("chat", "gte");
            assertThat(client.query("chat", "{\"messages\":[]}")).contains("Goethe.");
            assertThat(server.seen().get(1).path()).isEqualTo("/v1/chat/completions");
        }
    }

    @Test
    void a_service_principal_of_the_workspace_calls_its_endpoints() throws Exception {
        try (StubGateway workspace = workspace()) {
            MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                    .baseUrl(workspace.url())
                    .dialect(MlflowGatewayDialect.SERVING_ENDPOINTS)
                    .tokenProvider(OAuthTokenProvider.databricks(workspace.url())
                            .clientId("principal")
                            .clientSecret("dose-fake")
                            .build())
                    .endpoint("chat")
                    .build();

            assertThat(model.chat("Who wrote Faust?")).isEqualTo("Goethe.");

            assertThat(workspace.seen())
                    .extracting(StubGateway.Seen::path)
                    .containsExactly("/oidc/v1/token", "/serving-endpoints/chat/invocations");
            assertThat(workspace.seen().get(1).headers()).containsEntry("Authorization", "Bearer oauth-fake");
        }
    }

    private static void assertSentTo(Way way, StubGateway.Seen call, String endpoint, String task) {
        ObjectNode body = (ObjectNode) Fixtures.parse(call.body());
        if (way == Way.INVOCATIONS) {
            assertThat(call.path()).isEqualTo("/serving-endpoints/" + endpoint + "/invocations");
            assertThat(body.has("model")).isFalse();
        } else {
            assertThat(call.path()).isEqualTo("/serving-endpoints" + task);
            assertThat(body.path("model").asText()).isEqualTo(endpoint);
        }
    }

    private static StubGateway workspace() {
        return new StubGateway(ServingEndpointsIT::answer);
    }

    private static void answer(StubGateway.Seen request, StubGateway.Wire wire) throws Exception {
        String path = request.path();
        if (path.equals("/oidc/v1/token")) {
            wire.json(200, "{\"access_token\":\"oauth-fake\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
        } else if (path.equals("/api/2.0/serving-endpoints")) {
            wire.json(200, Fixtures.text("serving-endpoints.json"));
        } else if (path.equals("/v1/models")) {
            wire.json(200, "{\"data\":[{\"id\":\"chat\",\"owned_by\":\"openai\"},{\"id\":\"gte\"}]}");
        } else if (request.body().contains("\"prompt\"")) {
            wire.json(200, Fixtures.text("completions-response.json"));
        } else if (request.body().contains("\"input\"")) {
            wire.json(200, Fixtures.text("embeddings-response.json"));
        } else if (request.body().contains("\"stream\":true")) {
            wire.stream().chunk(Fixtures.text("chat-mlflow.sse")).end();
        } else {
            wire.json(200, Fixtures.text("chat-response.json"));
        }
    }
}
