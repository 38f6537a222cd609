package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.OnUnsupported;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.provider.parameter.Admitted;
import io.mlflowgateway.server.provider.parameter.ParameterGate;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class AnthropicProviderTest extends TranslationContract {
    private static final String SONNET = "claude-3-5-sonnet-20241022";

    private final AnthropicProvider provider = new AnthropicProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return settings("2023-06-01");
    }

    private static Settings settings(String version) {
        return new Settings(
                Map.of(AnthropicProvider.BASE, "https://api.fake/v1", AnthropicProvider.VERSION, version),
                Map.of(AnthropicProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return SONNET;
    }

    @Override
    Stream<String> answers() {
        return Stream.of("chat", "tools", "thinking", "refusal");
    }

    @Override
    int statusOfErrorInStream() {
        return 503;
    }

    @Override
    String toolAnswer(List<ToolCall> calls) {
        ObjectNode answer =
                JsonNodeFactory.instance.objectNode().put("id", "msg_1").put("model", SONNET);
        ArrayNode content = answer.put("stop_reason", "tool_use").putArray("content");
        for (ToolCall call : calls) {
            ObjectNode use = content.addObject().put("type", "tool_use").put("id", call.id());
            use.put("name", call.name()).set("input", json(call.arguments()));
        }
        return answer.toString();
    }

    @Override
    List<SseEvent> toolEvents(List<ToolCall> calls, int partLength) {
        List<SseEvent> events = new ArrayList<>();
        events.add(event("message_start", "{\"message\":{\"id\":\"msg_1\",\"model\":\"" + SONNET + "\"}}"));
        for (int i = 0; i < calls.size(); i++) {
            ObjectNode start = block("content_block_start", i);
            start.putObject("content_block")
                    .put("type", "tool_use")
                    .put("id", calls.get(i).id())
                    .put("name", calls.get(i).name());
            events.add(event("", start.toString()));
            String arguments = calls.get(i).arguments();
            // Nothing, or one empty part: so the API says that there are no arguments.
            for (String part : arguments.equals("{}") ? List.of("") : parts(arguments, partLength)) {
                ObjectNode delta = block("content_block_delta", i);
                delta.putObject("delta").put("type", "input_json_delta").put("partial_json", part);
                events.add(event("", delta.toString()));
            }
            events.add(event("", block("content_block_stop", i).toString()));
        }
        events.add(event("message_delta", "{\"delta\":{\"stop_reason\":\"tool_use\"}}"));
        events.add(event("message_stop", "{}"));
        return events;
    }

    private static ObjectNode block(String type, int index) {
        // Other blocks stand between: their number is not the number of the call.
        return JsonNodeFactory.instance.objectNode().put("type", type).put("index", 2 * index + 1);
    }

    private JsonNode sent(String chat, String model, String version) {
        Attempt attempt = new Attempt(model, settings(version), NOW);
        return json(
                provider.encode(query(Task.CHAT, chat, false), attempt).body().toBytes());
    }

    private JsonNode sent(String members) {
        return sent("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + members + "}", SONNET, "2023-06-01");
    }

    @Test
    void the_key_and_the_version_are_sent_as_headers() {
        UpstreamRequest request = provider.encode(anyQuery(), attempt());

        assertThat(request.url()).isEqualTo("https://api.fake/v1/messages");
        assertThat(request.headers())
                .containsOnly(Map.entry("x-api-key", SECRET), Map.entry("anthropic-version", "2023-06-01"));
    }

    @Test
    void streams_are_asked_for() {
        UpstreamRequest request =
                provider.encode(query(Task.CHAT, fixture(Task.CHAT, "request.json"), true), attempt());

        assertThat(request.streams()).isTrue();
        assertThat(json(request.body().toBytes()).path("stream").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"ephemeral_5m_input_tokens\":3,\"ephemeral_1h_input_tokens\":4}', 3, 4",
        "'{\"ephemeral_5m_input_tokens\":7,\"ephemeral_1h_input_tokens\":0}', 7, 0",
        "'{\"ephemeral_1h_input_tokens\":99}', 0, 7",
        "null, 7, 0"
    })
    void what_the_cache_keeps_for_an_hour_is_told_apart(String creation, long usual, long hour) {
        String usage = "\"cache_creation_input_tokens\": 7, \"cache_creation\": " + creation;
        String whole = fixture("chat-response.json").replace("\"cache_creation_input_tokens\": 7", usage);
        List<Piece> pieces = Await.all(read(List.of(
                event(
                        "",
                        "{\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"usage\":{\"input_tokens\":12," + usage
                                + "}}}"),
                event(
                        "",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{"
                                + "\"cache_read_input_tokens\":100,\"output_tokens\":20}}"),
                event("", "{\"type\":\"message_stop\"}"))));

        Usage expected = new Usage(12, 100, usual, hour, 20, 0, 0, 0, 0, false);
        assertThat(decode(Task.CHAT, whole).usage()).isEqualTo(expected);
        assertThat(pieces.get(pieces.size() - 1).usage()).contains(expected);
        assertThat(expected.promptTokens()).isEqualTo(119);
    }

    @Test
    void tokens_count_what_the_cache_gave_and_took() {
        assertThat(decode(Task.CHAT, fixture("chat-response.json")).usage())
                .isEqualTo(new Usage(12, 100, 7, 20, 0, 0, 0, 0, false));

        List<Piece> pieces = Await.all(read(events("chat.sse")));

        assertThat(pieces.get(pieces.size() - 1).usage()).contains(new Usage(12, 100, 7, 20, 0, 0, 0, 0, false));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-3-opus-20240229, 2023-06-01, 0.5, true",
        "claude-sonnet-4-5, 2023-06-01, 0.5, true",
        "claude-opus-4-7, 2023-06-01, , false",
        "claude-sonnet-5, 2023-06-01, , false",
        "claude-next, 2023-06-01, , false",
        "claude-3-opus-20240229, 2026-10-21, , false"
    })
    void sampling_is_never_sent_to_whom_refuses_it(String model, String version, String temperature, boolean topK) {
        String chat =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":1.0,\"top_p\":0.9,\"top_k\":5}";

        JsonNode sent = sent(chat, model, version);

        assertThat(sent.path("temperature").asText(null)).isEqualTo(temperature);
        assertThat(sent.has("top_k")).isEqualTo(topK);
        assertThat(sent.has("top_p")).isEqualTo(model.equals("claude-3-opus-20240229") && topK);
    }

    @Test
    void no_sampling_is_made_up() {
        assertThat(sent("").properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("model", "max_tokens", "messages");
    }

    @Test
    void the_classic_range_of_temperature_is_the_providers_own() {
        Query classic = new Query(
                Task.CHAT,
                body("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0.7}"),
                false,
                false,
                TemperatureRange.ZERO_TO_ONE);

        JsonNode sent = json(provider.encode(classic, attempt()).body().toBytes());

        assertThat(sent.path("temperature").asText()).isEqualTo("0.7");
    }

    @ParameterizedTest
    @CsvSource({"claude-3-haiku-20240307, 4096", "claude-sonnet-4-20250514, 8192", "claude-opus-5, 8192"})
    void a_call_without_a_limit_gets_one_the_model_takes(String model, int tokens) {
        JsonNode sent = sent("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", model, "2023-06-01");

        assertThat(sent.path("max_tokens").asInt()).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({"auto,auto", "required,any", "none,none"})
    void tool_choices_have_the_providers_words(String asked, String sent) {
        JsonNode body = sent(
                ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"" + asked + "\"");

        assertThat(body.path("tool_choice")).isEqualTo(json("{\"type\":\"" + sent + "\"}"));
    }

    @Test
    void a_json_schema_is_the_format_of_the_output() {
        JsonNode body =
                sent(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":"
                        + "{\"type\":\"object\"},\"strict\":true}}");

        assertThat(body.path("output_config"))
                .isEqualTo(json("{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"n\":2", ",\"response_format\":{\"type\":\"json_object\"}"})
    void what_would_change_the_meaning_is_refused(String member) {
        assertThat(failureOf(() -> sent(member)).kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void effort_becomes_tokens_for_a_model_that_wants_a_number() {
        JsonNode body = sent(",\"reasoning_effort\":\"low\",\"temperature\":1");

        assertThat(body.path("thinking")).isEqualTo(json("{\"type\":\"enabled\",\"budget_tokens\":1024}"));
        assertThat(body.path("max_tokens").asInt()).isEqualTo(8192 + 1024);
        assertThat(body.has("temperature")).isFalse();
    }

    @Test
    void effort_stays_effort_for_a_model_that_decides_itself() {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"reasoning_effort\":\"minimal\"}";

        JsonNode body = sent(chat, "claude-opus-4-7", "2023-06-01");

        assertThat(body.path("thinking")).isEqualTo(json("{\"type\":\"adaptive\"}"));
        assertThat(body.path("output_config")).isEqualTo(json("{\"effort\":\"low\"}"));
        assertThat(body.path("max_tokens").asInt()).isEqualTo(8192);
    }

    @Test
    void thoughts_go_back_with_their_signatures() {
        JsonNode answer =
                json(decode(Task.CHAT, fixture("thinking-response.json")).body().bytes());
        JsonNode message = answer.at("/choices/0/message");

        JsonNode sent =
                sent("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}," + message + "]}", SONNET, "2023-06-01");

        assertThat(message.path("reasoning_content").asText()).isEqualTo("First, думаю.");
        assertThat(sent.at("/messages/1/content"))
                .isEqualTo(json(fixture("thinking-response.json")).path("content"));
    }

    @Test
    void an_unknown_reason_to_stop_is_kept_as_the_providers_word() {
        String answer = fixture("chat-response.json").replace("end_turn", "moon_phase");

        JsonNode choice = json(decode(Task.CHAT, answer).body().bytes()).at("/choices/0");

        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.path("native_finish_reason").asText()).isEqualTo("moon_phase");
    }

    @Test
    void a_stop_without_a_reason_is_no_end() {
        List<SseEvent> events =
                List.of(event("message_start", "{\"message\":{\"id\":\"m\"}}"), event("message_stop", "{}"));

        assertThat(Await.failure(read(events).then()).kind()).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT,claude-opus-4-7,2023-06-01",
        "CHAT,claude-3-5-sonnet-20241022,2026-10-21",
        "COMPLETIONS,claude-2.1,2023-06-01"
    })
    void the_tables_of_other_models_and_versions_are_true_too(Task task, String model, String version) {
        Attempt attempt = new Attempt(model, settings(version), NOW);

        for (String name : provider.parameters(task).listed(task).keySet()) {
            theTableMustBeTrue(task, name, attempt);
        }
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-4-7,2023-06-01,true", "claude-3-opus,2026-10-21,true", "claude-3-opus,2023-06-01,false"})
    void newer_models_and_versions_do_not_support_sampling(String model, String version, boolean unsupported) {
        ParameterTable table = provider.parameters(Task.CHAT, model, settings(version));

        assertThat(table.of("temperature").isUnsupported()).isEqualTo(unsupported);
        assertThat(table.of("top_k").isUnsupported()).isEqualTo(unsupported);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "claude-3-5-sonnet-20241022;\"top_p\":0.5,\"temperature\":0.5;",
                "claude-sonnet-4-5;\"top_p\":0.5,\"temperature\":0.5;top_p",
                "claude-sonnet-4-6;\"top_p\":0.5,\"temperature\":0.5,\"reasoning_effort\":\"high\";top_p",
                "claude-sonnet-4-6;\"temperature\":0.5,\"reasoning_effort\":\"high\";",
                "claude-sonnet-4-5;\"temperature\":0.5,\"top_k\":3,\"reasoning_effort\":\"high\";temperature top_k",
                "claude-sonnet-4-5;\"temperature\":0.5,\"reasoning_effort\":\"none\";"
            })
    void what_a_model_takes_only_alone_is_left_out_and_named(String model, String said, String dropped) {
        Query asked = query(Task.CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + said + "}", false);
        ParameterTable table = provider.parameters(Task.CHAT, model, settings());
        Attempt attempt = new Attempt(model, settings(), NOW);

        Admitted admitted = new ParameterGate(table, OnUnsupported.DROP, "anthropic").admit(asked);

        assertThat(admitted.dropped()).containsExactlyElementsOf(names(dropped));
        JsonNode all = json(provider.encode(asked, attempt).body().toBytes());
        assertThat(json(provider.encode(admitted.query(), attempt).body().toBytes()))
                .isEqualTo(all);
        assertThat(names(dropped)).allSatisfy(name -> assertThat(all.has(name)).isFalse());
    }

    private static List<String> names(@Nullable String list) {
        return list == null ? List.of() : List.of(list.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-2.1", "claude-instant-1.2"})
    void old_models_are_asked_as_they_were(String model) {
        Query query = query(Task.COMPLETIONS, fixture(Task.COMPLETIONS, "request.json"), false);

        UpstreamRequest request = provider.encode(query, new Attempt(model, settings(), NOW));

        assertThat(request.url()).isEqualTo("https://api.fake/v1/complete");
        assertThat(json(request.body().toBytes()))
                .isEqualTo(json(fixture("old-completion-upstream.json").replace("claude-2.1", model)));
    }

    @Test
    void an_old_models_answer_is_the_same_whole_and_streamed() {
        Attempt attempt = new Attempt("claude-2.1", settings(), NOW);
        Query query = query(Task.COMPLETIONS, fixture(Task.COMPLETIONS, "request.json"), true);
        var response = new UpstreamResponse.Whole(
                200, Optional.empty(), "application/json", utf8(fixture("old-completion-response.json")));

        JsonNode whole = json(provider.decode(query, attempt, response).body().bytes());
        List<Piece> pieces =
                Await.all(provider.decodeStream(query, attempt, Flux.fromIterable(events("old-completion.sse"))));

        StringBuilder text = new StringBuilder();
        pieces.forEach(
                piece -> text.append(json(piece.json()).at("/choices/0/text").asText()));
        assertThat(text).hasToString(" Привет");
        assertThat(whole.at("/choices/0/text").asText()).isEqualTo(" Привет");
        assertThat(json(pieces.get(pieces.size() - 1).json())
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo(whole.at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
    }

    @Test
    void an_old_models_stream_without_a_reason_is_cut() {
        Attempt attempt = new Attempt("claude-2.1", settings(), NOW);
        Query query = query(Task.COMPLETIONS, fixture(Task.COMPLETIONS, "request.json"), true);
        List<SseEvent> cut = events("old-completion.sse").subList(0, 3);

        Failure failure = Await.failure(
                provider.decodeStream(query, attempt, Flux.fromIterable(cut)).then());

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
    }

    @Test
    void thoughts_that_are_kept_for_their_signatures_are_bounded() {
        String thought = "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":"
                + "{\"type\":\"redacted_thinking\",\"data\":\"" + "x".repeat(1_000_000) + "\"}}";
        Flux<SseEvent> endless = Flux.range(0, 1_000).map(i -> event("", thought.formatted(i)));

        Failure failure = Await.failure(provider.decodeStream(
                        query(Task.CHAT, fixture(Task.CHAT, "request.json"), true), attempt(), endless)
                .then());

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @Test
    void an_answer_without_a_reason_to_stop_is_none() {
        String answer = fixture("chat-response.json").replace("\"end_turn\"", "null");

        assertThat(failureOf(() -> decode(Task.CHAT, answer)).kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @Test
    void a_callers_limit_holds_for_what_is_thought_too() {
        JsonNode body = sent(",\"reasoning_effort\":\"high\",\"max_tokens\":2000,\"top_k\":5");

        assertThat(body.path("max_tokens").asInt()).isEqualTo(2000);
        assertThat(body.at("/thinking/budget_tokens").asInt()).isEqualTo(1999);
        assertThat(body.has("top_k")).isFalse();
        assertThat(failureOf(() -> sent(",\"reasoning_effort\":\"low\",\"max_tokens\":100"))
                        .kind())
                .isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void a_name_as_long_as_an_answer_is_not_repeated_in_each_chunk() {
        String start = "{\"type\":\"message_start\",\"message\":{\"id\":\"" + "m".repeat(300) + "\"}}";

        List<Piece> pieces = Await.all(read(List.of(
                event("", start),
                event("message_delta", "{\"delta\":{\"stop_reason\":\"end_turn\"}}"),
                event("message_stop", "{}"))));

        assertThat(pieces).allMatch(piece -> piece.json().length < 300);
    }
}
