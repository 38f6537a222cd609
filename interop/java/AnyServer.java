import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.Page;
import io.mlflowgateway.langchain4j.Route;
import io.mlflowgateway.langchain4j.TaskType;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayInternalServerException;
import io.mlflowgateway.langchain4j.failure.GatewayInvalidRequestException;
import io.mlflowgateway.langchain4j.failure.GatewayModelNotFoundException;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** What holds for every server of every generation. */
final class AnyServer {

    @Case
    void chat_answers_with_text_finish_reason_usage_and_names() {
        String prompt = Check.prompt("hello there");

        ChatResponse answer = Server.chat().build().chat(UserMessage.from(prompt));

        Check.equal(answer.aiMessage().text(), Provider.echo(prompt));
        Check.equal(answer.finishReason(), FinishReason.STOP);
        usage(answer.tokenUsage(), prompt);
        Check.equal(answer.modelName(), Server.CHAT);
        MlflowGatewayChatResponseMetadata metadata = (MlflowGatewayChatResponseMetadata) answer.metadata();
        Check.equal(metadata.route(), Server.CHAT);
        Check.equal(metadata.servedModel(), "mock-chat");
    }

    @Case
    void chat_parameters_reach_the_provider() {
        String prompt = Check.prompt("hello");

        Server.chat()
                .temperature(0.5)
                .topP(0.25)
                .maxOutputTokens(17)
                .stopSequences(List.of("END", "FIN"))
                .presencePenalty(0.5)
                .customParameters(Map.of("seed", 7))
                .build()
                .chat(prompt);

        JsonNode sent = Provider.sent(prompt);
        // MLflow 2.8 counts from 0 to 1 and doubles the value for OpenAI.
        Check.equal(sent.path("temperature").asDouble(), Server.classic() ? 1.0 : 0.5);
        Check.equal(sent.path("top_p").asDouble(), 0.25);
        Check.equal(sent.path("max_tokens").asInt(), 17);
        Check.equal(sent.path("stop").toString(), "[\"END\",\"FIN\"]");
        Check.equal(sent.path("presence_penalty").asDouble(), 0.5);
        Check.equal(sent.path("seed").asInt(), 7);
    }

    @Case
    void a_chat_answer_that_reached_its_length_says_so() {
        ChatResponse answer = Server.chat().maxOutputTokens(2).build().chat(UserMessage.from(Check.prompt("one two")));

        Check.equal(answer.aiMessage().text(), "echo: one");
        Check.equal(answer.finishReason(), FinishReason.LENGTH);
    }

    @Case
    void a_stop_sequence_ends_the_answer() {
        ChatResponse answer = Server.chat()
                .stopSequences(List.of("STOP"))
                .build()
                .chat(UserMessage.from(Check.prompt("before STOP after")));

        Check.equal(answer.aiMessage().text(), "echo: before ");
        Check.equal(answer.finishReason(), FinishReason.STOP);
    }

    @Case
    void the_conversation_so_far_is_sent_in_order() {
        String prompt = Check.prompt("third");

        Server.chat()
                .build()
                .chat(
                        SystemMessage.from("Be brief."),
                        UserMessage.from("first"),
                        AiMessage.from("second"),
                        UserMessage.from(prompt));

        List<String> said = new ArrayList<>();
        Provider.sent(prompt)
                .path("messages")
                .forEach(message -> said.add(message.path("role").asText() + ": " + message.path("content").asText()));
        Check.equal(said, List.of("system: Be brief.", "user: first", "assistant: second", "user: " + prompt));
    }

    @Case
    void japanese_russian_and_emoji_come_back_as_they_went() throws Exception {
        String prompt = Check.prompt("「ファウスト」は誰が書いた？ Кто написал «Фауста»? 👩‍🚀🙂");

        Check.equal(Server.chat().build().chat(prompt), Provider.echo(prompt));
        Stream<ChatResponse> stream = Stream.chat(Server.streamingChat().build(), request(prompt));
        Check.equal(stream.answer().aiMessage().text(), Provider.echo(prompt));
        Check.equal(Server.language().build().generate(prompt).content(), Provider.echo(prompt));
    }

    @Case
    void a_completions_route_completes_with_finish_reason_and_usage() {
        String prompt = Check.prompt("Once upon a time");

        Response<String> answer = Server.language().build().generate(prompt);

        Check.equal(answer.content(), Provider.echo(prompt));
        Check.equal(answer.finishReason(), FinishReason.STOP);
        usage(answer.tokenUsage(), prompt);
    }

    @Case
    void completion_parameters_reach_the_provider() {
        String prompt = Check.prompt("Once");

        Response<String> answer = Server.language()
                .temperature(0.25)
                .maxOutputTokens(2)
                .stopSequences(List.of("END"))
                .build()
                .generate(prompt);

        Check.equal(answer.finishReason(), FinishReason.LENGTH);
        JsonNode sent = Provider.sent(prompt);
        Check.equal(sent.path("temperature").asDouble(), Server.classic() ? 0.5 : 0.25);
        Check.equal(sent.path("max_tokens").asInt(), 2);
        Check.equal(sent.path("stop").toString(), "[\"END\"]");
    }

    @Case
    void a_streamed_chat_makes_the_whole_answer() throws Exception {
        String prompt = Check.prompt("stream this please");

        Stream<ChatResponse> stream = Stream.chat(Server.streamingChat().build(), request(prompt));

        ChatResponse answer = stream.answer();
        Check.equal(answer.aiMessage().text(), Provider.echo(prompt));
        Check.equal(stream.text(), Provider.echo(prompt));
        Check.equal(answer.finishReason(), FinishReason.STOP);
        Check.equal(answer.modelName(), Server.CHAT);
    }

    @Case
    void a_streamed_completion_makes_the_whole_text() throws Exception {
        String prompt = Check.prompt("stream this text");

        Stream<Response<String>> stream = Stream.language(Server.streamingLanguage().build(), prompt);

        Response<String> answer = stream.answer();
        Check.equal(answer.content(), Provider.echo(prompt));
        Check.equal(stream.text(), Provider.echo(prompt));
        Check.equal(answer.finishReason(), FinishReason.STOP);
    }

    @Case
    void embeddings_come_in_the_order_of_the_texts_however_they_are_batched() {
        List<String> texts = IntStream.range(0, 7).mapToObj(place -> Check.prompt("text " + place)).toList();

        Response<List<Embedding>> answer = Server.embedding()
                .maxSegmentsPerBatch(2)
                .build()
                .embedAll(texts.stream().map(TextSegment::from).toList());

        Check.equal(answer.content().size(), texts.size());
        for (int place = 0; place < texts.size(); place++) {
            Check.equal(answer.content().get(place).vector(), Provider.vector(texts.get(place)));
        }
        Check.equal(answer.tokenUsage().inputTokenCount(), 3 * texts.size());
        Check.equal(Provider.sent(texts.get(6)).path("input").size(), 1);
        Check.equal(Provider.sent(texts.get(0)).path("input").size(), 2);
    }

    @Case
    void the_route_can_be_changed_with_each_call() {
        ChatModel model = Server.chat().route("no-such-route").build();
        String prompt = Check.prompt("hello");
        ChatRequestParameters other =
                ChatRequestParameters.builder().modelName(Server.CHAT).build();

        ChatResponse answer = model.chat(ChatRequest.builder()
                .messages(UserMessage.from(prompt))
                .parameters(other)
                .build());

        Check.equal(answer.aiMessage().text(), Provider.echo(prompt));
        Check.raised(GatewayModelNotFoundException.class, () -> model.chat(prompt));
    }

    @Case
    void an_unknown_route_is_not_found_by_every_model() {
        Check.Action[] calls = {
            () -> Server.chat().route("no-such-route").build().chat("hello"),
            () -> Stream.chat(Server.streamingChat().route("no-such-route").build(), request("hello"))
                    .answer(),
            () -> Server.language().route("no-such-route").build().generate("hello"),
            () -> Stream.language(Server.streamingLanguage().route("no-such-route").build(), "hello")
                    .answer(),
            () -> Server.embedding().route("no-such-route").build().embed("hello")
        };

        for (Check.Action call : calls) {
            GatewayModelNotFoundException failure = Check.raised(GatewayModelNotFoundException.class, call);
            Check.equal(failure.details().route(), Optional.of("no-such-route"));
            Check.equal(failure.details().status().getAsInt(), 404);
        }
    }

    @Case
    void a_provider_that_limits_calls_is_a_rate_limit() {
        GatewayRateLimitException failure = Check.raised(
                GatewayRateLimitException.class,
                () -> Server.chat().build().chat(Check.prompt("[[fail:429]]")));

        Check.equal(failure.details().status().getAsInt(), 429);
        Check.holds(failure.getMessage().contains("mock failure 429"), failure);
        Check.raised(
                GatewayRateLimitException.class,
                () -> Server.embedding().build().embed(Check.prompt("[[fail:429]]")));
    }

    @Case
    void a_provider_that_fails_is_an_internal_server_error() {
        Check.raised(
                GatewayInternalServerException.class,
                () -> Server.chat().build().chat(Check.prompt("[[fail:500]]")));
        Check.raised(
                GatewayInternalServerException.class,
                () -> Server.language().build().generate(Check.prompt("[[fail:500]]")));
    }

    @Case
    void a_request_the_provider_refuses_is_invalid_and_not_repeated() {
        String prompt = Check.prompt("[[fail:400]]");

        GatewayInvalidRequestException failure = Check.raised(
                GatewayInvalidRequestException.class,
                () -> Server.chat().maxRetries(2).build().chat(prompt));

        Check.holds(failure.getMessage().contains("mock failure 400"), failure);
        Check.equal(Provider.seen(prompt).size(), 1);
    }

    @Case
    void a_failure_that_passes_is_repeated() {
        String prompt = Check.prompt("[[fail-once:503]]");

        String answer = Server.chat().maxRetries(2).build().chat(prompt);

        Check.equal(answer, Provider.echo(prompt));
        Check.equal(Provider.seen(prompt).size(), 2);
    }

    @Case
    void a_body_the_server_refuses_is_invalid_and_names_the_field() {
        LangChain4jException failure = Check.raised(
                GatewayInvalidRequestException.class,
                () -> Server.chat().temperature(9.0).build().chat(Check.prompt("hot")));

        Check.equal(((GatewayFailure) failure).details().status().getAsInt(), 422);
        Check.holds(failure.getMessage().contains("temperature"), failure);
    }

    @Case
    void the_catalog_lists_every_route_with_type_and_provider() {
        List<ModelDescription> models = Server.catalog().listModels();

        Check.equal(described(models, Server.CHAT).type(), ModelType.CHAT);
        Check.equal(described(models, Server.COMPLETIONS).type(), ModelType.OTHER);
        Check.equal(described(models, Server.EMBEDDINGS).type(), ModelType.EMBEDDING);
        Check.equal(described(models, Server.CHAT).owner(), "openai");
    }

    @Case
    void a_list_goes_on_where_a_page_token_says() {
        try (MlflowGatewayClient client = Server.client()) {
            List<Route> all = client.searchRoutes();
            // MLflow's own tokens: where the next page begins.
            String second = Base64.getEncoder().encodeToString("{\"index\": 1}".getBytes(StandardCharsets.UTF_8));

            Page<Route> rest = client.searchRoutes(second);

            Check.equal(rest.items().get(0), all.get(1));
        }
    }

    @Case
    void the_client_describes_a_route_and_calls_it_with_a_body_of_ones_own() {
        String prompt = Check.prompt("raw");
        try (MlflowGatewayClient client = Server.client()) {
            Route route = client.getRoute(Server.CHAT);
            Map<String, Object> answer = client.query(
                    Server.CHAT, Map.of("messages", List.of(Map.of("role", "user", "content", prompt))));

            Check.equal(route.task(), TaskType.CHAT);
            Check.equal(route.model().name(), "mock-chat");
            Check.equal(route.routeUrl(), Server.URL + "/gateway/" + Server.CHAT + "/invocations");
            Check.holds(answer.containsKey(Server.classic() ? "candidates" : "choices"), answer);
            Check.holds(client.health().ok(), client.health());
            Check.raised(GatewayModelNotFoundException.class, () -> client.getRoute("no-such-route"));
        }
    }

    @Case
    void the_dialect_is_asked_for_once_and_not_at_all_when_it_is_set() {
        RequestLog detected = new RequestLog();
        ChatModel asking = Server.chat().dialect(null).logRequests(true).logger(detected.logger()).build();
        RequestLog told = new RequestLog();
        ChatModel knowing =
                Server.chat().dialect(Server.DIALECT).logRequests(true).logger(told.logger()).build();
        String prompt = Check.prompt("hello");

        for (int call = 0; call < 3; call++) {
            Check.equal(asking.chat(prompt), Provider.echo(prompt));
            Check.equal(knowing.chat(prompt), Provider.echo(prompt));
        }

        Check.equal(detected.calling("/api/2.0/endpoints/"), 1L);
        Check.equal(detected.calling("/invocations"), 3L);
        Check.equal(told.calling("/api/2.0/"), 0L);
        Check.equal(told.calling((Server.classic() ? "/gateway/" : "/endpoints/") + Server.CHAT + "/invocations"), 3L);
    }

    @Case
    void one_client_serves_every_model_and_many_calls_at_once() {
        try (MlflowGatewayClient client = Server.client()) {
            ChatModel model = io.mlflowgateway.langchain4j.MlflowGatewayChatModel.builder()
                    .client(client)
                    .route(Server.CHAT)
                    .build();
            List<String> prompts = IntStream.range(0, 24).mapToObj(n -> Check.prompt("at once " + n)).toList();

            List<CompletableFuture<String>> answers = prompts.stream()
                    .map(prompt -> CompletableFuture.supplyAsync(() -> model.chat(prompt)))
                    .toList();

            for (int place = 0; place < prompts.size(); place++) {
                Check.equal(answers.get(place).join(), Provider.echo(prompts.get(place)));
            }
        }
    }

    static ChatRequest request(String prompt) {
        return ChatRequest.builder().messages(UserMessage.from(prompt)).build();
    }

    static void usage(TokenUsage usage, String prompt) {
        int asked = Provider.words(prompt);
        int answered = Provider.words(Provider.echo(prompt));
        Check.equal(usage.inputTokenCount(), asked);
        Check.equal(usage.outputTokenCount(), answered);
        Check.equal(usage.totalTokenCount(), asked + answered);
    }

    private static ModelDescription described(List<ModelDescription> models, String name) {
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + models.size() + " routes"));
    }
}
