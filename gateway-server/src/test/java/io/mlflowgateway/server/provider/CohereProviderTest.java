package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CohereProviderTest extends TranslationContract {
    private final CohereProvider provider = new CohereProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(CohereProvider.BASE, "https://api.fake", CohereProvider.INPUT_TYPE, "search_query"),
                Map.of(CohereProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "command-a";
    }

    @Override
    Stream<String> answers() {
        return Stream.of("chat", "tools", "thinking");
    }

    @Override
    boolean isComplete(List<SseEvent> events, int count) {
        // All but the [DONE] behind message-end, which says nothing more.
        return count >= events.size() - 1;
    }

    @Override
    int statusOfErrorInStream() {
        return 502;
    }

    @Override
    String toolAnswer(List<ToolCall> calls) {
        ObjectNode answer =
                JsonNodeFactory.instance.objectNode().put("id", "a1").put("finish_reason", "TOOL_CALL");
        ArrayNode list = answer.putObject("message").putArray("tool_calls");
        calls.forEach(call -> call(list.addObject(), call.id(), call.name(), call.arguments()));
        return answer.toString();
    }

    private static void call(ObjectNode json, String id, String name, String arguments) {
        json.put("id", id).put("type", "function");
        json.putObject("function").put("name", name).put("arguments", arguments);
    }

    @Override
    List<SseEvent> toolEvents(List<ToolCall> calls, int partLength) {
        List<SseEvent> events = new ArrayList<>();
        events.add(event("message-start", "{\"type\":\"message-start\",\"id\":\"a1\"}"));
        for (int i = 0; i < calls.size(); i++) {
            ObjectNode start = message("tool-call-start", i);
            call(
                    start.withObject("/delta/message/tool_calls"),
                    calls.get(i).id(),
                    calls.get(i).name(),
                    "");
            events.add(event("", start.toString()));
            String arguments = calls.get(i).arguments();
            for (String part : arguments.equals("{}") ? List.<String>of() : parts(arguments, partLength)) {
                ObjectNode delta = message("tool-call-delta", i);
                delta.withObject("/delta/message/tool_calls/function").put("arguments", part);
                events.add(event("", delta.toString()));
            }
            events.add(event("", message("tool-call-end", i).toString()));
        }
        events.add(event("message-end", "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"TOOL_CALL\"}}"));
        return events;
    }

    private static ObjectNode message(String type, int index) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("index", index);
    }

    private JsonNode sent(String members) {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + members + "}";
        return json(
                provider.encode(query(Task.CHAT, chat, false), attempt()).body().toBytes());
    }

    @ParameterizedTest
    @CsvSource({"CHAT,/v2/chat", "COMPLETIONS,/v2/chat", "EMBEDDINGS,/v2/embed"})
    void each_task_has_its_path(Task task, String path) {
        UpstreamRequest request = provider.encode(query(task, fixture(task, "request.json"), false), attempt());

        assertThat(request.url()).isEqualTo("https://api.fake" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void streams_are_asked_for() {
        UpstreamRequest request =
                provider.encode(query(Task.CHAT, fixture(Task.CHAT, "request.json"), true), attempt());

        assertThat(request.streams()).isTrue();
        assertThat(json(request.body().toBytes()).path("stream").asBoolean()).isTrue();
    }

    @Test
    void tokens_are_those_of_the_model_and_not_those_on_the_bill() {
        assertThat(decode(Task.CHAT, fixture("chat-response.json")).usage())
                .isEqualTo(new Usage(8, 4, 0, 20, 0, 0, 0, 0, false));
        assertThat(decode(Task.EMBEDDINGS, fixture("embeddings-response.json")).usage())
                .isEqualTo(new Usage(4, 0));
    }

    @Test
    void tokens_from_the_cache_are_part_of_those_read() {
        String answer = "{\"message\":{\"content\":[]},\"finish_reason\":\"COMPLETE\",\"usage\":{\"tokens\":"
                + "{\"input_tokens\":100.0,\"output_tokens\":5.0},\"cached_tokens\":60.0}}";

        assertThat(decode(Task.CHAT, answer).usage()).isEqualTo(new Usage(40, 60, 0, 5, 0, 0, 0, 0, false));
    }

    @Test
    void a_tool_that_must_be_called_is_the_only_one_sent() {
        JsonNode body = sent(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
                + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}],"
                + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}");

        assertThat(body.path("tools")).hasSize(1);
        assertThat(body.at("/tools/0/function/name").asText()).isEqualTo("g");
        assertThat(body.path("tool_choice").asText()).isEqualTo("REQUIRED");
    }

    @Test
    void a_choice_left_to_the_model_is_not_sent() {
        JsonNode body =
                sent(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"auto\"");

        assertThat(body.has("tool_choice")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"n\":2",
                ",\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]",
                ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],"
                        + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"missing\"}}"
            })
    void what_it_cannot_say_is_refused(String member) {
        assertThat(failureOf(() -> sent(member)).kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void a_json_schema_is_the_form_of_the_answer() {
        JsonNode body = sent(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\","
                + "\"schema\":{\"type\":\"object\"}}}");

        assertThat(body.path("response_format"))
                .isEqualTo(json("{\"type\":\"json_object\",\"json_schema\":{\"type\":\"object\"}}"));
    }

    @Test
    void texts_are_for_what_the_configuration_says_unless_the_caller_does() {
        UpstreamRequest request = provider.encode(query(Task.EMBEDDINGS, "{\"input\":\"hi\"}", false), attempt());

        assertThat(json(request.body().toBytes()).path("input_type").asText()).isEqualTo("search_query");
    }

    @Test
    void the_words_of_a_refusal_are_found_without_an_error_around_them() {
        Failure failure = refusal(429, "application/json", fixture("error-429.json"));

        assertThat(failure.getMessage()).startsWith("You are using a Trial key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR", "TIMEOUT"})
    void a_reason_that_is_no_end_is_a_failure_whole_and_streamed(String reason) {
        String answer = "{\"message\":{\"content\":[]},\"finish_reason\":\"" + reason + "\"}";
        String end = "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"" + reason + "\"}}";

        Failure whole = failureOf(() -> decode(Task.CHAT, answer));
        Failure streamed =
                Await.failure(read(List.of(event("message-end", end))).then());

        assertThat(whole.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(streamed.getMessage()).isEqualTo(whole.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, 0.99", "0, 0.01", "0.5, 0.5"})
    void top_p_stays_where_cohere_takes_it(String asked, String sent) {
        assertThat(sent(",\"top_p\":" + asked).path("p").asText()).isEqualTo(sent);
    }

    @Test
    void an_answer_without_a_reason_to_stop_is_none() {
        assertThat(failureOf(() -> decode(Task.CHAT, "{\"message\":{\"content\":[]}}"))
                        .kind())
                .isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }
}
