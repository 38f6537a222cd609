package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.mlflowgateway.langchain4j.failure.GatewayAnswerException;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChatModelIT {

    private static final String CALL_WITHOUT_A_TOOL =
            "{\"choices\":[{\"message\":{\"content\":null},\"finish_reason\":\"tool_calls\"}]}";

    @Test
    void every_parameter_reaches_the_route_in_the_shape_of_the_contract() throws Exception {
        try (StubGateway gateway = answering("chat-response.json")) {
            MlflowGatewayChatModel model = model(gateway)
                    .temperature(0.2)
                    .topP(0.9)
                    .frequencyPenalty(0.1)
                    .presencePenalty(0.3)
                    .maxOutputTokens(64)
                    .stop(List.of("END"))
                    .seed(7)
                    .user("reader-1")
                    .build();

            model.chat(SystemMessage.from("Answer briefly."), UserMessage.from("Кто написал «Фауста»? 誰が書いた？ 🙂"));

            StubGateway.Seen call = gateway.calls().get(0);
            assertThat(call.path()).isEqualTo("/endpoints/chat/invocations");
            assertThat(Fixtures.parse(call.body())).isEqualTo(Fixtures.json("chat-request.json"));
        }
    }

    @Test
    void tools_images_and_schemas_reach_the_route_in_the_shape_of_the_contract() throws Exception {
        try (StubGateway gateway = answering("chat-response.json")) {
            ChatRequest request = ChatRequest.builder()
                    .messages(
                            UserMessage.from(
                                    "Ada",
                                    TextContent.from("What is in the picture, and how warm is it there?"),
                                    ImageContent.from("iVBORw0KGgo=", "image/png", ImageContent.DetailLevel.LOW)),
                            AiMessage.from(ToolExecutionRequest.builder()
                                    .id("call_1")
                                    .name("weather")
                                    .arguments("{\"city\":\"Weimar\"}")
                                    .build()),
                            ToolExecutionResultMessage.from("call_1", "weather", "21 degrees"))
                    .toolSpecifications(
                            ToolSpecification.builder()
                                    .name("weather")
                                    .description("Tells the weather")
                                    .parameters(JsonObjectSchema.builder()
                                            .addStringProperty("city", "its name")
                                            .required("city")
                                            .build())
                                    .build(),
                            ToolSpecification.builder().name("now").build())
                    .toolChoice(ToolChoice.REQUIRED)
                    .responseFormat(ResponseFormat.builder()
                            .type(ResponseFormatType.JSON)
                            .jsonSchema(JsonSchema.builder()
                                    .name("Report")
                                    .rootElement(JsonObjectSchema.builder()
                                            .addIntegerProperty("degrees")
                                            .addEnumProperty("sky", List.of("clear", "grey"))
                                            .required("degrees")
                                            .build())
                                    .build())
                            .build())
                    .build();

            model(gateway).build().chat(request);

            assertThat(Fixtures.parse(gateway.calls().get(0).body()))
                    .isEqualTo(Fixtures.json("chat-request-tools.json"));
        }
    }

    @Test
    void the_answer_is_read_with_everything_it_tells() throws Exception {
        try (StubGateway gateway = deployments(
                (request, wire) -> wire.json(200, Fixtures.text("chat-response.json"), "x-request-id: req-1"))) {
            ChatResponse response = model(gateway).build().chat(UserMessage.from("Who?"));

            assertThat(response.aiMessage().text()).isEqualTo("Goethe.");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.id()).isEqualTo("chatcmpl-1");
            assertThat(response.tokenUsage())
                    .isEqualTo(new MlflowGatewayTokenUsage(21, 3, 24, 16, 1)
                            .toBuilder()
                                    .cost(new MlflowGatewayCost(new BigDecimal("0.0001"), "USD"))
                                    .build());
            MlflowGatewayChatResponseMetadata metadata = (MlflowGatewayChatResponseMetadata) response.metadata();
            assertThat(metadata.route()).isEqualTo("chat");
            assertThat(metadata.servedModel()).isEqualTo("gpt-x-2026");
            assertThat(metadata.requestId()).isEqualTo("req-1");
            assertThat(metadata.rawUsage()).containsEntry("cost", 0.0001);
        }
    }

    @Test
    void tool_calls_are_read() throws Exception {
        try (StubGateway gateway = answering("chat-response-tools.json")) {
            ChatResponse response = model(gateway).build().chat(UserMessage.from("Warm?"));

            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            assertThat(response.aiMessage().text()).isNull();
            assertThat(response.aiMessage().toolExecutionRequests())
                    .containsExactly(
                            ToolExecutionRequest.builder()
                                    .id("call_1")
                                    .name("weather")
                                    .arguments("{\"city\":\"Weimar\"}")
                                    .build(),
                            ToolExecutionRequest.builder()
                                    .id("call_2")
                                    .name("now")
                                    .arguments("{}")
                                    .build());
        }
    }

    @Test
    void reasoning_text_is_handed_out_only_when_asked_for() throws Exception {
        String body = "{\"choices\":[{\"message\":{\"content\":\"4\",\"reasoning_content\":\"2+2\"},"
                + "\"finish_reason\":\"stop\"}]}";
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, body))) {
            AiMessage with = model(gateway)
                    .returnThinking(true)
                    .build()
                    .chat(UserMessage.from("?"))
                    .aiMessage();
            AiMessage without =
                    model(gateway).build().chat(UserMessage.from("?")).aiMessage();

            assertThat(with.thinking()).isEqualTo("2+2");
            assertThat(without.thinking()).isNull();
        }
    }

    @Test
    void earlier_thinking_is_sent_back_only_when_asked_for() throws Exception {
        AiMessage earlier = AiMessage.builder().text("4").thinking("2+2").build();
        try (StubGateway gateway = answering("chat-response.json")) {
            model(gateway).sendThinking(true).build().chat(UserMessage.from("?"), earlier, UserMessage.from("!"));
            model(gateway).build().chat(UserMessage.from("?"), earlier, UserMessage.from("!"));

            assertThat(gateway.calls().get(0).body()).contains("\"reasoning_content\":\"2+2\"");
            assertThat(gateway.calls().get(1).body()).doesNotContain("2+2");
        }
    }

    @Test
    void the_request_chooses_route_headers_and_fields() throws Exception {
        try (StubGateway gateway = answering("chat-response.json")) {
            ChatRequest request = ChatRequest.builder()
                    .messages(UserMessage.from("Hello"))
                    .parameters(MlflowGatewayChatRequestParameters.builder()
                            .route("fast")
                            .reasoningEffort("low")
                            .parallelToolCalls(false)
                            .metadata(Map.of("team", "blue"))
                            .customHeaders(Map.of("X-Tenant", "t-1", "X-Common", "mine"))
                            .customParameters(Map.of("top_logprobs", 2, "safe_mode", true))
                            .build())
                    .build();

            ChatResponse response = model(gateway)
                    .customHeaders(Map.of("X-Common", "default", "X-Always", "yes"))
                    .build()
                    .chat(request);

            StubGateway.Seen call = gateway.calls().get(0);
            assertThat(call.path()).isEqualTo("/endpoints/fast/invocations");
            assertThat(call.headers())
                    .containsEntry("X-Tenant", "t-1")
                    .containsEntry("X-Common", "mine")
                    .containsEntry("X-Always", "yes");
            assertThat(Fixtures.parse(call.body()))
                    .isEqualTo(Fixtures.parse("{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
                            + "\"reasoning_effort\":\"low\",\"parallel_tool_calls\":false,"
                            + "\"metadata\":{\"team\":\"blue\"},\"top_logprobs\":2,\"safe_mode\":true}"));
            assertThat(response.modelName()).isEqualTo("fast");
        }
    }

    @Test
    void credential_and_query_go_along() throws Exception {
        try (StubGateway gateway = answering("chat-response.json")) {
            model(gateway)
                    .apiKey("sk-fake-123456\n")
                    .customQueryParams(Map.of("api version", "1/2"))
                    .build()
                    .chat("Hello");

            StubGateway.Seen call = gateway.calls().get(0);
            assertThat(call.headers()).containsEntry("Authorization", "Bearer sk-fake-123456");
            assertThat(call.path()).isEqualTo("/endpoints/chat/invocations?api%20version=1%2F2");
            assertThat(call.headers()).containsEntry("User-Agent", "langchain4j-mlflow-gateway");
        }
    }

    @Test
    void a_refusal_to_answer_is_content_filtered() throws Exception {
        String body =
                "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"I will not\"},\"finish_reason\":\"stop\"}]}";
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, body))) {
            assertThatThrownBy(() -> model(gateway).build().chat("?"))
                    .isInstanceOf(ContentFilteredException.class)
                    .hasMessage("I will not")
                    .isInstanceOfSatisfying(
                            GatewayFailure.class,
                            failure -> assertThat(failure.details().route()).contains("chat"));
        }
    }

    @Test
    void an_answer_of_another_kind_is_refused_and_not_paid_for_twice() throws Exception {
        for (String body : List.of(
                "{}",
                "[]",
                "not json",
                "",
                "{\"choices\":[]}",
                "{\"choices\":[{\"text\":\"x\"}]}",
                CALL_WITHOUT_A_TOOL)) {
            try (StubGateway gateway = deployments((request, wire) -> wire.json(200, body))) {
                assertThatThrownBy(() -> model(gateway).build().chat("?"))
                        .as(body)
                        .isInstanceOf(GatewayAnswerException.class)
                        .hasMessageContaining("'chat'")
                        .hasMessageContaining(gateway.url());
                assertThat(gateway.calls()).hasSize(1);
            }
        }
    }

    @Test
    void listeners_hear_of_answers_and_failures() throws Exception {
        List<String> heard = new ArrayList<>();
        ChatModelListener listener = new ChatModelListener() {
            @Override
            public void onResponse(ChatModelResponseContext context) {
                heard.add("response from " + context.chatResponse().modelName());
            }

            @Override
            public void onError(ChatModelErrorContext context) {
                heard.add("error " + context.error().getClass().getSimpleName());
            }
        };
        try (StubGateway gateway = deployments((request, wire) -> {
            boolean good = request.path().contains("/chat/");
            wire.json(good ? 200 : 404, Fixtures.text(good ? "chat-response.json" : "error-404.json"));
        })) {
            MlflowGatewayChatModel model = model(gateway).listeners(listener).build();

            model.chat("Hello");
            assertThatThrownBy(() -> model.chat(ChatRequest.builder()
                            .messages(UserMessage.from("Hello"))
                            .modelName("gone")
                            .build()))
                    .hasMessageContaining("404");

            assertThat(heard).containsExactly("response from chat", "error GatewayModelNotFoundException");
        }
    }

    @Test
    void a_model_says_what_it_was_told_about_itself() {
        MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl("http://127.0.0.1:1")
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .build();

        assertThat(model.provider()).isEqualTo(ModelProvider.OTHER);
        assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThatThrownBy(() -> model.chat("Hello")).hasMessageContaining("no route is named");
    }

    @Test
    void interrupting_the_caller_ends_the_call_and_its_connection() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            arrived.complete(null);
            wire.awaitClient(gone);
        })) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    model(gateway).build().chat("Hello");
                } catch (RuntimeException failure) {
                    thrown.complete(failure);
                }
            });

            caller.start();
            StubGateway.soon(arrived);
            caller.interrupt();

            assertThat(StubGateway.soon(thrown)).hasMessageContaining("Interrupted");
            gone.get(1, TimeUnit.SECONDS);
        }
    }

    @Test
    void closing_a_shared_client_fails_calls_under_way_and_later_ones() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            arrived.complete(null);
            wire.hold();
        })) {
            MlflowGatewayClient client =
                    MlflowGatewayClient.builder().baseUrl(gateway.url()).build();
            MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                    .client(client)
                    .route("chat")
                    .build();
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> model.chat("Hello"));

            StubGateway.soon(arrived);
            client.close();

            assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GatewayConnectionException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> model.chat("Hello")).hasMessageContaining("closed");
        }
    }

    private static StubGateway answering(String fixture) {
        return deployments((request, wire) -> wire.json(200, Fixtures.text(fixture)));
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder model(StubGateway gateway) {
        return MlflowGatewayChatModel.builder().baseUrl(gateway.url()).route("chat");
    }
}
