package io.mlflowgateway.samples.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.MlflowGatewayBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingLanguageModel;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every model of the client through the gateway's jar, down to what a provider is sent and how it answers. */
class ClientAgainstGatewayIT {
    private static final Path JAR = Path.of("..", "gateway-server", "target", "gateway-server.jar");
    private static final String TALK = "「ファウスト」は誰が書いた？ Кто написал «Фауста»? 👩‍🚀🙂";
    private static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("weather")
            .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
            .build();

    private static final Children CHILDREN = new Children(Optional.empty());

    @TempDir
    static Path folder;

    private static ScriptedProvider provider;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        provider = new ScriptedProvider();
        StringBuilder yaml = new StringBuilder("endpoints:\n");
        for (String name : List.of("chat", "other-chat", "completions", "embeddings")) {
            yaml.append("""
                      - name: %s
                        endpoint_type: llm/v1/%s
                        model:
                          provider: openai
                          name: model-of-%s
                          config: {openai_api_key: not-needed, openai_api_base: '%s'}
                    """.formatted(name, name.replace("other-", ""), name, provider.base()));
        }
        Path config = Files.writeString(folder.resolve("gateway.yaml"), yaml);
        url = GatewayProcess.start(CHILDREN, JAR, config, folder.resolve("gateway.log"))
                .url();
    }

    @AfterAll
    static void stop() throws IOException {
        CHILDREN.close();
        if (provider != null) {
            provider.close();
        }
    }

    @Test
    void every_script_of_the_world_goes_through_a_chat_and_back() {
        provider.answer((body, wire) -> wire.says(TALK));

        ChatResponse answer = chat().build().chat(UserMessage.from(TALK));

        assertThat(answer.aiMessage().text()).isEqualTo(TALK);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(5);
        assertThat(provider.requests())
                .extracting(body -> body.at("/messages/0/content").asText())
                .containsExactly(TALK);
    }

    @Test
    void a_streamed_chat_arrives_in_the_providers_pieces() throws Exception {
        provider.answer((body, wire) -> wire.stream()
                .delta("{\"role\":\"assistant\",\"content\":\"ゲーテ \"}", "null")
                .delta("{\"content\":\"Гёте 🙂\"}", "null")
                .delta("{}", "\"stop\"")
                .event(
                        "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],"
                                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}")
                .done());
        Heard heard = new Heard();

        streaming().build().chat(TALK, heard);

        ChatResponse answer = heard.end.get(20, SECONDS);
        assertThat(answer.aiMessage().text()).isEqualTo("ゲーテ Гёте 🙂");
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(5);
        assertThat(heard.pieces).containsExactly("ゲーテ ", "Гёте 🙂");
    }

    @Test
    void a_language_model_completes_whole_and_in_pieces() throws Exception {
        provider.answer((body, wire) -> {
            if (body.path("stream").asBoolean()) {
                wire.stream()
                        .event(completion("\"there was \"", "null"))
                        .event(completion("\"a king.\"", "\"stop\""))
                        .done();
            } else {
                wire.json("200 OK", completion("\"there was a king.\"", "\"stop\""));
            }
        });
        Heard.Text heard = new Heard.Text();

        Response<String> whole = reach(MlflowGatewayLanguageModel.builder())
                .route("completions")
                .build()
                .generate("Once upon a time");
        reach(MlflowGatewayStreamingLanguageModel.builder())
                .route("completions")
                .build()
                .generate("Once upon a time", heard);

        assertThat(whole.content()).isEqualTo("there was a king.");
        assertThat(heard.end.get(20, SECONDS).content()).isEqualTo("there was a king.");
        assertThat(heard.pieces).containsExactly("there was ", "a king.");
        assertThat(provider.requests())
                .extracting(body -> body.path("prompt").asText())
                .containsExactly("Once upon a time", "Once upon a time");
    }

    @Test
    void embeddings_are_those_of_the_texts_in_any_order_of_answer() {
        provider.answer((body, wire) -> wire.json("200 OK", """
                {"object":"list","model":"m","data":[
                {"object":"embedding","index":1,"embedding":[3.0,4.0]},
                {"object":"embedding","index":0,"embedding":[1.0,2.0]}],
                "usage":{"prompt_tokens":2,"total_tokens":2}}
                """));

        Response<List<Embedding>> answer = reach(MlflowGatewayEmbeddingModel.builder())
                .route("embeddings")
                .build()
                .embedAll(List.of(TextSegment.from("one"), TextSegment.from("二つ")));

        assertThat(answer.content())
                .containsExactly(Embedding.from(new float[] {1, 2}), Embedding.from(new float[] {3, 4}));
        assertThat(provider.requests().get(0).path("input").path(1).asText()).isEqualTo("二つ");
    }

    @Test
    void leaving_a_stream_closes_the_providers_connection_within_a_second() throws Exception {
        CompletableFuture<Long> gone = new CompletableFuture<>();
        provider.answer((body, wire) ->
                wire.stream().delta("{\"content\":\"one\"}", "null").awaitGone(gone));
        Heard heard = new Heard();
        streaming().build().chat("hello", heard);

        heard.begun.get(20, SECONDS).cancel();

        long left = System.nanoTime();
        assertThat(gone.get(10, SECONDS) - left)
                .isLessThan(Duration.ofSeconds(1).toNanos());
        assertThat(heard.end).isNotCompleted();
    }

    @Test
    void a_call_is_repeated_no_sooner_than_the_provider_asks() {
        AtomicInteger calls = new AtomicInteger();
        provider.answer((body, wire) -> {
            if (calls.incrementAndGet() == 1) {
                wire.json("429 Too Many Requests", "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 1");
            } else {
                wire.says("welcome back");
            }
        });
        long start = System.nanoTime();

        String answer = chat().maxRetries(1).build().chat("hello");

        assertThat(answer).isEqualTo("welcome back");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
        assertThat(provider.requests()).hasSize(2);
    }

    @Test
    void a_refused_stream_is_the_refusal_itself_with_its_pause() {
        provider.answer((body, wire) ->
                wire.json("429 Too Many Requests", "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 7"));
        Heard heard = new Heard();

        streaming().build().chat("hello", heard);

        assertThatThrownBy(() -> heard.end.get(20, SECONDS))
                .cause()
                .isInstanceOfSatisfying(GatewayRateLimitException.class, failure -> {
                    assertThat(failure.details().retryAfter()).contains(Duration.ofSeconds(7));
                    assertThat(failure.details().source()).contains("upstream");
                    assertThat(failure).hasMessageContaining("slow down");
                });
    }

    @Test
    void a_stream_that_is_cut_is_an_error_and_not_an_answer() {
        provider.answer((body, wire) -> {
            wire.stream().delta("{\"content\":\"half\"}", "null");
            throw new IOException("cut");
        });
        Heard heard = new Heard();

        streaming().build().chat("hello", heard);

        assertThatThrownBy(() -> heard.end.get(20, SECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(heard.pieces).containsExactly("half");
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void a_tool_is_called_and_told_of_its_result() {
        provider.answer((body, wire) -> {
            if (body.at("/messages/2/role").asText().equals("tool")) {
                wire.says("It is warm.");
            } else {
                wire.json("200 OK", """
                        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":
                        {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":
                        {"name":"weather","arguments":"{\\"city\\":\\"Веймар\\"}"}}]},"finish_reason":"tool_calls"}]}
                        """);
            }
        });
        ChatModel model = chat().build();
        UserMessage question = UserMessage.from("How is it in Weimar?");

        ChatResponse asked = model.chat(withTool(question));
        ToolExecutionRequest call = asked.aiMessage().toolExecutionRequests().get(0);
        ChatResponse told = model.chat(ChatRequest.builder()
                .messages(question, asked.aiMessage(), ToolExecutionResultMessage.from(call, "21 degrees"))
                .toolSpecifications(WEATHER)
                .build());

        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(call.arguments()).isEqualTo("{\"city\":\"Веймар\"}");
        assertThat(told.aiMessage().text()).isEqualTo("It is warm.");
        JsonNode second = provider.requests().get(1);
        assertThat(second.at("/messages/1/tool_calls/0/id").asText()).isEqualTo("call_1");
        assertThat(second.at("/messages/2/tool_call_id").asText()).isEqualTo("call_1");
        assertThat(second.at("/tools/0/function/name").asText()).isEqualTo("weather");
    }

    @Test
    void a_streamed_tool_call_arrives_in_parts_and_whole() throws Exception {
        String begin = "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}";
        String part = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]}";
        provider.answer((body, wire) -> wire.stream()
                .delta(begin, "null")
                .delta(String.format(part, "{\\\"city\\\":"), "null")
                .delta(String.format(part, "\\\"Веймар\\\"}"), "null")
                .delta("{}", "\"tool_calls\"")
                .done());
        Heard heard = new Heard();

        streaming().build().chat(withTool(UserMessage.from("?")), heard);

        ChatResponse answer = heard.end.get(20, SECONDS);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(answer.aiMessage().toolExecutionRequests())
                .extracting(ToolExecutionRequest::arguments)
                .containsExactly("{\"city\":\"Веймар\"}");
        assertThat(heard.pieces)
                .containsExactly(
                        "part 0 weather {\"city\":",
                        "part 0 weather \"Веймар\"}",
                        "call 0 call_1 {\"city\":\"Веймар\"}");
    }

    @Test
    void one_call_may_take_another_route() {
        provider.answer((body, wire) -> wire.says(body.path("model").asText()));
        ChatModel model = chat().build();
        ChatRequestParameters other =
                ChatRequestParameters.builder().modelName("other-chat").build();

        String usual = model.chat("hello");
        ChatResponse switched = model.chat(ChatRequest.builder()
                .messages(UserMessage.from("hello"))
                .parameters(other)
                .build());

        assertThat(usual).isEqualTo("model-of-chat");
        assertThat(switched.aiMessage().text()).isEqualTo("model-of-other-chat");
        assertThat(switched.modelName()).isEqualTo("other-chat");
    }

    @Test
    void a_json_schema_reaches_the_provider() {
        provider.answer((body, wire) -> wire.says("{\"degrees\":21}"));
        JsonSchema schema = JsonSchema.builder()
                .name("Report")
                .rootElement(JsonObjectSchema.builder()
                        .addIntegerProperty("degrees")
                        .required("degrees")
                        .build())
                .build();
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(schema)
                .build();

        String answer = chat().responseFormat(format).build().chat("How warm?");

        assertThat(answer).isEqualTo("{\"degrees\":21}");
        JsonNode sent = provider.requests().get(0).path("response_format");
        assertThat(sent.path("type").asText()).isEqualTo("json_schema");
        assertThat(sent.at("/json_schema/name").asText()).isEqualTo("Report");
        assertThat(sent.at("/json_schema/schema/properties/degrees/type").asText())
                .isEqualTo("integer");
    }

    private static ChatRequest withTool(UserMessage question) {
        return ChatRequest.builder()
                .messages(question)
                .toolSpecifications(WEATHER)
                .build();
    }

    private static String completion(String text, String finish) {
        return "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"text"
                + "\":" + text + ",\"finish_reason\":" + finish + "}]}";
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder chat() {
        return reach(MlflowGatewayChatModel.builder()).route("chat");
    }

    private static MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder streaming() {
        return reach(MlflowGatewayStreamingChatModel.builder()).route("chat");
    }

    private static <B extends MlflowGatewayBuilder<B>> B reach(B builder) {
        return builder.baseUrl(url).maxRetries(0).timeout(Duration.ofSeconds(20));
    }
}
