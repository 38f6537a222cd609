package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.AwsSettings;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat over Converse, and what all of Bedrock has in common. */
class BedrockProviderTest extends TranslationContract {
    private static final String FUNCTION = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";

    private final BedrockProvider provider = new BedrockProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(Map.of(AwsSettings.REGION, "eu-central-1"), Map.of(AwsSettings.BEARER, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "eu.anthropic.claude-3-5-sonnet-20241022-v2:0";
    }

    @Override
    Stream<String> answers() {
        return Stream.of("chat", "tools", "thinking", "guardrail");
    }

    @Override
    int statusOfErrorInStream() {
        return 429;
    }

    @Override
    String toolAnswer(List<ToolCall> calls) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("stopReason", "tool_use");
        ArrayNode content = answer.withObject("/output/message").putArray("content");
        calls.forEach(call -> {
            ObjectNode use = content.addObject().putObject("toolUse").put("toolUseId", call.id());
            use.put("name", call.name()).set("input", json(call.arguments()));
        });
        return answer.toString();
    }

    @Override
    List<SseEvent> toolEvents(List<ToolCall> calls, int partLength) {
        List<SseEvent> events = new ArrayList<>();
        events.add(event("messageStart", "{\"role\":\"assistant\"}"));
        for (int i = 0; i < calls.size(); i++) {
            ObjectNode start = JsonNodeFactory.instance.objectNode().put("contentBlockIndex", i);
            start.withObject("/start/toolUse")
                    .put("toolUseId", calls.get(i).id())
                    .put("name", calls.get(i).name());
            events.add(event("contentBlockStart", start.toString()));
            // As the whole answer's arguments are written, so that both can be compared letter by letter.
            String arguments = json(calls.get(i).arguments()).toString();
            for (String part : arguments.equals("{}") ? List.<String>of() : parts(arguments, partLength)) {
                ObjectNode delta = JsonNodeFactory.instance.objectNode().put("contentBlockIndex", i);
                delta.withObject("/delta/toolUse").put("input", part);
                events.add(event("contentBlockDelta", delta.toString()));
            }
            events.add(event("contentBlockStop", "{\"contentBlockIndex\":" + i + "}"));
        }
        events.add(event("messageStop", "{\"stopReason\":\"tool_use\"}"));
        events.add(event("metadata", "{\"usage\":{}}"));
        return events;
    }

    private UpstreamRequest request(String model, String members, boolean streams) {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + members + "}";
        return provider.encode(query(Task.CHAT, chat, streams), new Attempt(model, settings(), NOW));
    }

    private JsonNode sent(String model, String members) {
        return json(request(model, members, false).body().toBytes());
    }

    private JsonNode sent(String members) {
        return sent(model(), members);
    }

    @Test
    void a_model_is_one_segment_of_the_path_in_its_region() {
        String arn = "arn:aws:bedrock:eu-central-1:1:inference-profile/eu.amazon.nova-lite-v1:0";

        assertThat(request(model(), "", false).url())
                .isEqualTo("https://bedrock-runtime.eu-central-1.amazonaws.com/model/"
                        + "eu.anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse");
        assertThat(request(arn, "", true).url())
                .endsWith("/model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A1%3Ainference-profile%2F"
                        + "eu.amazon.nova-lite-v1%3A0/converse-stream");
        assertThat(request(arn, "", true).framing()).isEqualTo(Framing.AWS_EVENT_STREAM);
    }

    @ParameterizedTest
    @CsvSource({
        "cn-north-1, , https://bedrock-runtime.cn-north-1.amazonaws.com.cn/model/m/converse",
        "us-east-1, http://127.0.0.1:9/proxy, http://127.0.0.1:9/proxy/model/m/converse"
    })
    void the_place_is_the_regions_or_the_one_that_is_given(String region, String endpoint, String url) {
        Map<String, String> texts = endpoint == null
                ? Map.of(AwsSettings.REGION, region)
                : Map.of(AwsSettings.REGION, region, AwsSettings.ENDPOINT, endpoint);

        UpstreamRequest request = provider.encode(anyQuery(), new Attempt("m", new Settings(texts, Map.of()), NOW));

        assertThat(request.url()).isEqualTo(url);
    }

    @Test
    void the_encoded_request_holds_no_credential() {
        assertThat(request(model(), "", false).headers()).isEmpty();
    }

    @Test
    void cached_tokens_are_counted_apart() {
        assertThat(decode(Task.CHAT, fixture("tools-response.json")).usage())
                .isEqualTo(new Usage(25, 3, 2, 40, 0, 0, 0, 0, false));
    }

    @ParameterizedTest
    @CsvSource({
        "'[{\"ttl\":\"5m\",\"inputTokens\":3},{\"ttl\":\"1h\",\"inputTokens\":4}]', 3, 4",
        "'[{\"ttl\":\"1h\",\"inputTokens\":99}]', 0, 7",
        "'[]', 7, 0",
        "null, 7, 0"
    })
    void what_the_cache_keeps_for_an_hour_is_told_apart(String details, long usual, long hour) {
        String usage =
                "{\"inputTokens\":12,\"outputTokens\":20,\"cacheReadInputTokens\":100,\"cacheWriteInputTokens\":7,"
                        + "\"cacheDetails\":" + details + "}";

        assertThat(ConverseAnswer.usage(json(usage))).isEqualTo(new Usage(12, 100, usual, hour, 20, 0, 0, 0, 0, false));
    }

    @Test
    void nobody_is_told_of_the_end_before_before_the_tokens_are() {
        List<SseEvent> events = events("chat.sse");
        List<Piece> before = new ArrayList<>();

        Failure failure = Await.failure(
                read(events.subList(0, events.size() - 1)).doOnNext(before::add).then());

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
        assertThat(before)
                .noneMatch(piece -> json(piece.json()).at("/choices/0").hasNonNull("finish_reason"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"malformed_model_output", "malformed_tool_use"})
    void a_reason_that_is_no_end_is_a_failure_whole_and_streamed(String reason) {
        String answer = "{\"output\":{\"message\":{\"content\":[]}},\"stopReason\":\"" + reason + "\"}";
        SseEvent end = event("messageStop", "{\"stopReason\":\"" + reason + "\"}");

        Failure whole = failureOf(() -> decode(Task.CHAT, answer));
        Failure streamed = Await.failure(read(List.of(end)).then());

        assertThat(whole.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(streamed.getMessage()).isEqualTo(whole.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"n\":2",
                ",\"response_format\":{\"type\":\"json_object\"}",
                ",\"reasoning_effort\":\"endless\"",
                ",\"reasoning_effort\":\"low\",\"max_tokens\":1024"
            })
    void what_it_cannot_say_is_refused(String member) {
        assertThat(failureOf(() -> sent(member)).kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://pictures.example/sky.jpg\"}}",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/bmp;base64,AAAA\"}}",
                "{\"type\":\"file\",\"file\":{\"filename\":\"a.zip\",\"file_data\":\"data:application/zip;base64,AA\"}}",
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA\",\"format\":\"wav\"}}"
            })
    void what_it_cannot_be_shown_is_refused(String part) {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]}";

        Failure failure = failureOf(() -> provider.encode(query(Task.CHAT, chat, false), attempt()));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void a_picture_in_s3_is_named() {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"s3://bucket/sky.JPG\"}}]}]}";

        JsonNode body = json(
                provider.encode(query(Task.CHAT, chat, false), attempt()).body().toBytes());

        assertThat(body.at("/messages/0/content/0/image"))
                .isEqualTo(json("{\"format\":\"jpeg\",\"source\":{\"s3Location\":{\"uri\":\"s3://bucket/sky.JPG\"}}}"));
    }

    @Test
    void a_json_schema_goes_as_a_text() {
        JsonNode body = sent(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\","
                + "\"schema\":{\"type\":\"object\"}}}");

        assertThat(body.path("outputConfig"))
                .isEqualTo(json("{\"textFormat\":{\"type\":\"json_schema\",\"structure\":{\"jsonSchema\":"
                        + "{\"schema\":\"{\\\"type\\\":\\\"object\\\"}\",\"name\":\"a\"}}}}"));
    }

    @Test
    void tools_that_may_not_be_called_are_left_out_unless_messages_speak_of_them() {
        String none = ",\"tools\":[" + FUNCTION + "],\"tool_choice\":\"none\"";
        String spoken = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"tool_calls\":"
                + "[{\"id\":\"1\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"\"}]%s}";

        JsonNode withNone = json(provider.encode(query(Task.CHAT, spoken.formatted(none), false), attempt())
                .body()
                .toBytes());
        JsonNode without = json(provider.encode(query(Task.CHAT, spoken.formatted(""), false), attempt())
                .body()
                .toBytes());

        assertThat(sent(none).has("toolConfig")).isFalse();
        assertThat(withNone.at("/toolConfig/tools/0/toolSpec/name").asText()).isEqualTo("f");
        assertThat(withNone.path("toolConfig").has("toolChoice")).isFalse();
        assertThat(without.at("/toolConfig/tools/0/toolSpec/name").asText()).isEqualTo("g");
        assertThat(without.at("/messages/2/content/0/toolResult/content")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"auto,auto", "required,any"})
    void a_choice_of_tools_is_named_as_converse_does(String asked, String written) {
        JsonNode body = sent(",\"tools\":[" + FUNCTION + "],\"tool_choice\":\"" + asked + "\"");

        assertThat(body.at("/toolConfig/toolChoice").has(written)).isTrue();
    }

    @Test
    void effort_becomes_what_the_model_understands() {
        String effort = ",\"temperature\":1,\"top_k\":3,\"reasoning_effort\":\"low\"";
        JsonNode budget = sent("anthropic.claude-sonnet-4-5", effort + ",\"max_tokens\":1500");
        JsonNode unlimited = sent("anthropic.claude-3-7-sonnet-20250219-v1:0", effort);
        JsonNode adaptive = sent("global.anthropic.claude-opus-4-7", effort);
        JsonNode other = sent("openai.gpt-oss-120b-1:0", effort);

        assertThat(budget.path("additionalModelRequestFields"))
                .isEqualTo(json("{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}}"));
        assertThat(budget.path("inferenceConfig")).isEqualTo(json("{\"maxTokens\":1500}"));
        assertThat(unlimited.at("/inferenceConfig/maxTokens").asInt()).isEqualTo(8_192 + 1_024);
        assertThat(adaptive.path("additionalModelRequestFields"))
                .isEqualTo(json("{\"thinking\":{\"type\":\"adaptive\"}}"));
        assertThat(adaptive.at("/outputConfig/effort").asText()).isEqualTo("low");
        assertThat(adaptive.has("inferenceConfig")).isFalse();
        assertThat(other.at("/additionalModelRequestFields/reasoning_effort").asText())
                .isEqualTo("low");
        assertThat(other.at("/inferenceConfig/temperature").decimalValue()).isEqualByComparingTo("0.5");
    }

    @Test
    void a_temperature_leaves_no_place_for_top_p_with_newer_models_of_anthropic() {
        String both = ",\"temperature\":1,\"top_p\":0.9";

        assertThat(sent("anthropic.claude-opus-4-1", both)
                        .path("inferenceConfig")
                        .has("topP"))
                .isFalse();
        assertThat(sent(both).path("inferenceConfig").has("topP")).isTrue();
        assertThat(sent("meta.llama3-1-70b-instruct-v1:0", both)
                        .path("inferenceConfig")
                        .has("topP"))
                .isTrue();
    }

    @Test
    void what_a_model_of_anthropic_takes_only_alone_is_named_where_it_is_left_out() {
        ParameterTable newer = provider.parameters(Task.CHAT, "eu.anthropic.claude-sonnet-4-5", settings());
        ParameterTable older = provider.parameters(Task.CHAT, "anthropic.claude-3-5-sonnet", settings());
        ParameterTable other = provider.parameters(Task.CHAT, "meta.llama3-1-70b-instruct-v1:0", settings());

        assertThat(newer.of("top_p").unless()).containsExactlyInAnyOrder("temperature", "reasoning_effort");
        assertThat(newer.of("temperature").unless()).containsExactly("reasoning_effort");
        assertThat(older.of("top_p").unless()).containsExactly("reasoning_effort");
        assertThat(other.of("top_p").unless()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ValidationException,400,400",
        "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/,400,400",
        "com.amazon.coral.service#ExpiredTokenException,403,401",
        "UnrecognizedClientException,403,401",
        "AccessDeniedException,403,403",
        "ResourceNotFoundException,404,404",
        "ModelTimeoutException,408,408",
        "ModelErrorException,424,502",
        "ModelNotReadyException,429,429",
        "ServiceQuotaExceededException,400,429",
        "ThrottlingException,429,429",
        "InternalServerException,500,500",
        "ServiceUnavailableException,503,503",
        "SomethingNewException,418,418"
    })
    void an_exception_counts_by_its_name(String type, int answered, int status) {
        UpstreamResponse.Whole response = new UpstreamResponse.Whole(
                answered,
                Optional.empty(),
                "application/json",
                utf8("{\"message\":\"why\"}"),
                Map.of("x-amzn-errortype", type));

        Failure failure = provider.failure(attempt(), response);

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.getMessage()).endsWith("why");
        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_REFUSED);
    }

    @Test
    void a_message_with_a_capital_is_one_too() {
        assertThat(refusal(403, "application/json", "{\"Message\":\"no such key " + SECRET + "\"}")
                        .getMessage())
                .endsWith(": no such key ***");
    }

    @ParameterizedTest
    @CsvSource({
        "exception:throttlingException,429",
        "exception:modelStreamErrorException,502",
        "exception:internalServerException,500",
        "exception:serviceUnavailableException,503",
        "exception:validationException,400",
        "exception:modelTimeoutException,408",
        "exception:somethingNew,502",
        "error:InternalFailure,502",
        "error:,502"
    })
    void an_exception_in_a_stream_fails_it_in_its_kind(String name, int status) {
        Failure failure = Await.failure(read(List.of(event("messageStart", "{}"), event(name, "not json")))
                .then());

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_REFUSED);
    }

    @Test
    void an_event_that_is_unknown_is_passed_over() {
        List<SseEvent> events = new ArrayList<>(events("chat.sse"));
        events.add(1, event("somethingNew", "{}"));

        assertThat(Assembled.of(Await.all(read(events)))).isEqualTo(Assembled.of(Await.all(read(events("chat.sse")))));
    }
}
