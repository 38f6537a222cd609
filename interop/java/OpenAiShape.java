import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.Endpoint;
import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.Route;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The deployments API of MLflow 2.9 and newer, and of this gateway. */
final class OpenAiShape {

    static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("weather")
            .description("Tells the weather")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .required("city")
                    .build())
            .build();

    @Case
    void a_streamed_chat_comes_in_pieces() throws Exception {
        Stream<ChatResponse> stream =
                Stream.chat(Server.streamingChat().build(), AnyServer.request(Check.prompt("one two three")));

        stream.answer();
        Check.equal(stream.pieces.subList(0, 4), List.of("echo: ", "one ", "two ", "three "));
    }

    @Case
    void a_streamed_completion_comes_in_pieces() throws Exception {
        Stream<Response<String>> stream =
                Stream.language(Server.streamingLanguage().build(), Check.prompt("one two three"));

        stream.answer();
        Check.equal(stream.pieces.subList(0, 4), List.of("echo: ", "one ", "two ", "three "));
    }

    @Case
    void parameters_of_a_streamed_chat_reach_the_provider() throws Exception {
        String prompt = Check.prompt("one two");

        ChatResponse answer = Stream.chat(
                        Server.streamingChat()
                                .temperature(0.5)
                                .maxOutputTokens(2)
                                .stopSequences(List.of("END"))
                                .build(),
                        AnyServer.request(prompt))
                .answer();

        Check.equal(answer.finishReason(), FinishReason.LENGTH);
        JsonNode sent = Provider.sent(prompt);
        Check.equal(sent.path("temperature").asDouble(), 0.5);
        Check.equal(sent.path("max_tokens").asInt(), 2);
        Check.equal(sent.path("stop").toString(), "[\"END\"]");
    }

    @Case
    void a_tool_is_called_and_its_result_answered() {
        String prompt = Check.prompt("Weimar");
        ChatModel model = Server.chat().build();

        ChatResponse asked = model.chat(toolRequest(prompt));
        ToolExecutionRequest call = asked.aiMessage().toolExecutionRequests().get(0);
        String result = Check.prompt("21 degrees");
        ChatResponse told = model.chat(ChatRequest.builder()
                .messages(UserMessage.from("?"), asked.aiMessage(), ToolExecutionResultMessage.from(call, result))
                .toolSpecifications(WEATHER)
                .build());

        Check.equal(asked.finishReason(), FinishReason.TOOL_EXECUTION);
        Check.equal(call.id(), "call_interop");
        Check.equal(call.name(), "weather");
        Check.equal(call.arguments(), "{\"city\": \"" + prompt + "\"}");
        Check.equal(told.aiMessage().text(), Provider.echo(result));
        JsonNode sent = Provider.sent(result);
        Check.equal(sent.path("tools").path(0).path("function").path("name").asText(), "weather");
        Check.equal(
                sent.path("messages").path(1).path("tool_calls").path(0).path("id").asText(), "call_interop");
        Check.equal(sent.path("messages").path(2).path("tool_call_id").asText(), "call_interop");
    }

    @Case
    void an_answer_after_a_tool_can_be_streamed() throws Exception {
        String result = Check.prompt("21 degrees");
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("call_1")
                .name("weather")
                .arguments("{\"city\":\"Weimar\"}")
                .build();

        ChatResponse told = Stream.chat(
                        Server.streamingChat().build(),
                        ChatRequest.builder()
                                .messages(
                                        UserMessage.from("?"),
                                        AiMessage.from(call),
                                        ToolExecutionResultMessage.from(call, result))
                                .toolSpecifications(WEATHER)
                                .build())
                .answer();

        Check.equal(told.aiMessage().text(), Provider.echo(result));
    }

    @Case
    void a_json_schema_reaches_the_provider() {
        String prompt = Check.prompt("as JSON");
        JsonSchema schema = JsonSchema.builder()
                .name("Report")
                .rootElement(JsonObjectSchema.builder()
                        .addStringProperty("answer")
                        .addIntegerProperty("words")
                        .required("answer")
                        .build())
                .build();

        String answer = Server.chat()
                .responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(schema)
                        .build())
                .build()
                .chat(prompt);

        Check.equal(answer, "{\"answer\": \"" + prompt + "\", \"words\": 3}");
        JsonNode format = Provider.sent(prompt).path("response_format");
        Check.equal(format.path("type").asText(), "json_schema");
        Check.equal(format.path("json_schema").path("name").asText(), "Report");
        Check.equal(
                format.path("json_schema").path("schema").path("required").toString(), "[\"answer\"]");
    }

    @Case
    void pictures_reach_the_provider() {
        String prompt = Check.prompt("what is it");

        Server.chat()
                .build()
                .chat(UserMessage.from(TextContent.from(prompt), ImageContent.from("iVBORw0KGgo=", "image/png")));

        JsonNode picture = Provider.sent(prompt).path("messages").path(0).path("content").path(1);
        Check.equal(picture.path("type").asText(), "image_url");
        Check.equal(picture.path("image_url").path("url").asText(), "data:image/png;base64,iVBORw0KGgo=");
    }

    @Case
    void endpoints_are_listed_and_described_like_the_routes() {
        try (MlflowGatewayClient client = Server.client()) {
            Endpoint endpoint = client.getEndpoint(Server.CHAT);

            Check.equal(endpoint.endpointType(), "llm/v1/chat");
            Check.equal(endpoint.model().provider(), "openai");
            Check.equal(
                    client.listEndpoints().stream().map(Endpoint::name).toList(),
                    client.searchRoutes().stream().map(Route::name).toList());
        }
    }

    @Case
    void a_stream_that_breaks_off_never_looks_complete() {
        for (String how : List.of("[[break-stream]]", "[[error-in-stream]]")) {
            Stream<ChatResponse> stream = Stream.chat(
                    Server.streamingChat().build(), AnyServer.request(Check.prompt(how + " a b c d")));

            Check.raised(LangChain4jException.class, stream::answer);
            Check.equal(stream.pieces, List.of("echo: "));
        }
    }

    @Case
    void leaving_a_stream_ends_the_providers_connection_within_a_second() throws Exception {
        String prompt = Check.prompt("[[slow-stream]]");
        Stream<ChatResponse> stream = Stream.chat(Server.streamingChat().build(), AnyServer.request(prompt));

        stream.begun.get(20, TimeUnit.SECONDS).cancel();

        Check.holds(Provider.abortedWithin(prompt, 1_000), "the provider went on");
    }

    static ChatRequest toolRequest(String prompt) {
        return ChatRequest.builder()
                .messages(UserMessage.from(prompt))
                .toolSpecifications(WEATHER)
                .build();
    }
}
