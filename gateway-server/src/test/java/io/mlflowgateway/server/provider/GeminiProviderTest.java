package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class GeminiProviderTest extends TranslationContract {
    private final GeminiProvider provider = new GeminiProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(GeminiProvider.BASE, "https://api.fake/v1beta"), Map.of(GeminiProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "gemini-2.5-flash";
    }

    @Override
    Stream<String> answers() {
        return Stream.of("chat", "tools", "thinking", "blocked");
    }

    @Override
    int statusOfErrorInStream() {
        return 503;
    }

    @Override
    String toolAnswer(List<ToolCall> calls) {
        return answer(calls, true).toString();
    }

    private static ObjectNode answer(List<ToolCall> calls, boolean isLast) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("responseId", "r1");
        ObjectNode candidate = answer.putArray("candidates").addObject();
        ArrayNode parts = candidate.putObject("content").putArray("parts");
        for (ToolCall call : calls) {
            ObjectNode json = parts.addObject().putObject("functionCall");
            json.put("id", call.id()).put("name", call.name()).set("args", json(call.arguments()));
        }
        if (isLast) {
            candidate.put("finishReason", "STOP");
        }
        return answer;
    }

    /** Arguments come whole; a part length of one stands for a call in each event. */
    @Override
    List<SseEvent> toolEvents(List<ToolCall> calls, int partLength) {
        if (partLength > 1) {
            return List.of(event("", toolAnswer(calls)));
        }
        return IntStream.range(0, calls.size())
                .mapToObj(i -> answer(calls.subList(i, i + 1), i == calls.size() - 1))
                .map(json -> event("", json.toString()))
                .collect(Collectors.toList());
    }

    private JsonNode sent(String members, String model) {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + members + "}";
        Attempt attempt = new Attempt(model, settings(), NOW);
        return json(
                provider.encode(query(Task.CHAT, chat, false), attempt).body().toBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT, false, :generateContent",
        "CHAT, true, :streamGenerateContent?alt=sse",
        "COMPLETIONS, false, :generateContent",
        "EMBEDDINGS, false, :batchEmbedContents"
    })
    void each_task_has_its_method(Task task, boolean streams, String method) {
        UpstreamRequest request = provider.encode(query(task, fixture(task, "request.json"), streams), attempt());

        assertThat(request.url()).isEqualTo("https://api.fake/v1beta/models/gemini-2.5-flash" + method);
        assertThat(request.headers()).containsOnly(Map.entry("x-goog-api-key", SECRET));
        assertThat(request.streams()).isEqualTo(streams);
    }

    @Test
    void a_model_cannot_lead_elsewhere() {
        Attempt attempt = new Attempt("models/../../v1/x?y", settings(), NOW);

        UpstreamRequest request = provider.encode(anyQuery(), attempt);

        assertThat(request.url()).startsWith("https://api.fake/v1beta/models/..%2F..%2Fv1%2Fx%3Fy:generateContent");
    }

    @Test
    void thoughts_count_as_written() {
        assertThat(decode(Task.CHAT, fixture("chat-response.json")).usage())
                .isEqualTo(new Usage(8, 4, 0, 20, 5, 0, 0, 0, false));
    }

    @Test
    void a_signature_survives_in_the_id_of_its_call() {
        JsonNode calls = json(decode(Task.CHAT, fixture("tools-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0/message/tool_calls");

        assertThat(calls.at("/0/id").asText()).isEqualTo("call_r1_0_0__sig__c2ln-_8");
        assertThat(ThoughtSignature.of(calls.at("/0/id").asText()).base64()).isEqualTo("c2ln+/8=");
        assertThat(calls.at("/1/id").asText()).isEqualTo("fc-2");
        assertThat(calls.at("/1/function/arguments").asText()).isEqualTo("{}");
    }

    @Test
    void several_candidates_are_several_choices() {
        String answer = "{\"responseId\":\"r\",\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"one\"}]},"
                + "\"finishReason\":\"STOP\"},{\"index\":1,\"content\":{\"parts\":[{\"text\":\"two\"}]},\"finishReason\":\"SAFETY\"}]}";

        JsonNode choices = json(decode(Task.CHAT, answer).body().bytes()).path("choices");

        assertThat(choices.at("/0/message/content").asText()).isEqualTo("one");
        assertThat(choices.at("/1/finish_reason").asText()).isEqualTo("content_filter");
        assertThat(choices.at("/1/native_finish_reason").asText()).isEqualTo("SAFETY");
    }

    @Test
    void a_stream_in_which_one_candidate_is_missing_is_cut() {
        Query two = query(Task.CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"n\":2}", true);

        Failure failure = Await.failure(provider.decodeStream(two, attempt(), Flux.fromIterable(events("chat.sse")))
                .then());

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MALFORMED_FUNCTION_CALL",
                "MISSING_THOUGHT_SIGNATURE",
                "UNEXPECTED_TOOL_CALL",
                "OTHER",
                "LANGUAGE"
            })
    void a_reason_that_is_no_end_is_a_failure_whole_and_streamed(String reason) {
        String answer =
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"" + reason + "\"}]}";

        Failure whole = failureOf(() -> decode(Task.CHAT, answer));
        Failure streamed = Await.failure(read(List.of(event("", answer))).then());

        assertThat(whole.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(whole.getMessage()).contains(reason);
        assertThat(streamed.getMessage()).isEqualTo(whole.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-pro,low,thinkingBudget,1024",
        "gemini-2.5-pro,none,thinkingBudget,0",
        "gemini-3-pro,high,thinkingLevel,HIGH",
        "gemini-3-pro,none,thinkingLevel,MINIMAL"
    })
    void effort_is_said_as_the_model_takes_it(String model, String effort, String member, String value) {
        JsonNode thinking =
                sent(",\"reasoning_effort\":\"" + effort + "\"", model).at("/generationConfig/thinkingConfig");

        assertThat(thinking.path(member).asText()).isEqualTo(value);
        assertThat(thinking.path("includeThoughts").asBoolean()).isEqualTo(!effort.equals("none"));
    }

    @Test
    void a_json_schema_is_the_form_of_the_answer() {
        JsonNode config = sent(
                        ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\","
                                + "\"schema\":{\"type\":\"object\"}}}",
                        model())
                .path("generationConfig");

        assertThat(config)
                .isEqualTo(json(
                        "{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"object\"}}"));
    }

    @Test
    void more_stops_than_it_takes_are_refused() {
        assertThat(failureOf(() -> sent(",\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]", model()))
                        .kind())
                .isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void when_to_come_again_is_read_from_the_refusal() {
        Failure failure = refusal(429, "application/json", fixture("error-429.json"));

        assertThat(failure.retryAfter()).contains("7");
    }

    @Test
    void a_refusal_in_a_list_is_read() {
        Failure failure = refusal(429, "application/json", "[" + fixture("error-429.json") + "]");

        assertThat(failure.getMessage()).isEqualTo("You exceeded your current quota.");
        assertThat(failure.retryAfter()).contains("7");
    }

    @Test
    void one_text_is_embedded_by_itself() {
        Query one = query(Task.EMBEDDINGS, "{\"input\":\"hi\",\"encoding_format\":\"base64\"}", false);
        UpstreamResponse.Whole answer = new UpstreamResponse.Whole(
                200, Optional.empty(), "application/json", utf8(fixture("embedding-response.json")));

        UpstreamRequest request = provider.encode(one, attempt());
        JsonNode shown = json(provider.decode(one, attempt(), answer).body().bytes());

        assertThat(request.url()).endsWith(":embedContent");
        assertThat(json(request.body().toBytes())).isEqualTo(json("{\"content\":{\"parts\":[{\"text\":\"hi\"}]}}"));
        assertThat(shown.at("/data/0/embedding").asText()).isEqualTo("zczMPQAAgL4AAEBA");
    }

    @Test
    void an_answer_without_a_reason_to_stop_is_none() {
        String answer = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}";

        assertThat(failureOf(() -> decode(Task.CHAT, answer)).kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 7})
    void a_candidate_nobody_asked_for_breaks_the_stream(int index) {
        String answer = "{\"candidates\":[{\"index\":" + index + ",\"finishReason\":\"STOP\"}]}";

        assertThat(Await.failure(read(List.of(event("", answer))).then()).kind())
                .isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @Test
    void embeddings_that_are_missing_are_not_passed_over() {
        String one = fixture("embedding-response.json");

        assertThat(failureOf(() -> decode(Task.EMBEDDINGS, one)).getMessage()).contains("1 embeddings for 2 texts");
    }

    @Test
    void calls_of_answers_without_a_name_are_named_differently_each_time() {
        String answer = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]},"
                + "\"finishReason\":\"STOP\"}]}";
        Attempt later = new Attempt(model(), settings(), NOW.plusNanos(1_000));

        Reply.Whole first = GeminiAnswer.read(utf8(answer), attempt());
        Reply.Whole second = GeminiAnswer.read(utf8(answer), later);

        String place = "/choices/0/message/tool_calls/0/id";
        assertThat(json(first.body().bytes()).at(place).asText())
                .startsWith("call_")
                .isNotEqualTo(json(second.body().bytes()).at(place).asText());
    }
}
