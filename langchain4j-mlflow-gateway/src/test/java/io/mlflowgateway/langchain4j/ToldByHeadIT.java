package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What headers of an answer tell, whole or streamed, becomes metadata. */
class ToldByHeadIT {

    private static final String[] HEADERS = {
        "X-Request-Id: req-1",
        "X-Gateway-Route: chat",
        "X-Gateway-Provider: openai",
        "X-Gateway-Served-Model: mein%20Modell",
        "X-Gateway-Attempts: 2",
        "X-Gateway-Cached: false",
        "X-MLflow-Trace-Id: tr-0af7651916cd43dd8448eb211c80319c",
        "X-MLflow-Gateway-Duration-Ms: 12.5",
        "X-MLflow-Gateway-Overhead-Duration-Ms: 0.250",
        "X-RateLimit-Limit-Requests: 60",
        "X-RateLimit-Remaining-Requests: 59",
        "X-RateLimit-Reset-Requests: 42s",
        "X-RateLimit-Remaining-Tokens: 149984",
        "X-RateLimit-Reset-Tokens: 6m0s"
    };

    private static final String ANSWER =
            "{\"system_fingerprint\":\"fp\",\"choices\":[{\"message\":{\"content\":\"hi\"},"
                    + "\"finish_reason\":\"stop\",\"logprobs\":{\"content\":[{\"token\":\"hi\"}]}}]}";

    @Test
    void a_whole_answer_tells_all_of_it() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, ANSWER, HEADERS))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            tellsAll(metadata);
            assertThat(metadata.extras())
                    .containsEntry("system_fingerprint", "fp")
                    .containsEntry("logprobs", Map.of("content", List.of(Map.of("token", "hi"))));
        }
    }

    @Test
    void a_streamed_answer_tells_as_much() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream(HEADERS)
                .event("{\"service_tier\":\"flex\",\"choices\":[{\"delta\":{\"content\":\"h\"},"
                        + "\"logprobs\":{\"content\":[{\"token\":\"h\"}]}}]}")
                .event("{\"choices\":[{\"delta\":{\"content\":\"i\"},\"finish_reason\":\"stop\","
                        + "\"logprobs\":{\"content\":[{\"token\":\"i\"}]}}]}")
                .event("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"cost\":\"0.02\",\"cost_currency\":\"EUR\"}}")
                .event("[DONE]")
                .end())) {
            RecordingHandler handler = new RecordingHandler();

            MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .build()
                    .chat("Hello", handler);

            MlflowGatewayChatResponseMetadata metadata =
                    (MlflowGatewayChatResponseMetadata) handler.response().metadata();
            tellsAll(metadata);
            assertThat(metadata.tokenUsage())
                    .extracting(MlflowGatewayTokenUsage::cost)
                    .hasToString("0.02 EUR");
            assertThat(metadata.extras()).containsEntry("service_tier", "flex");
            assertThat(metadata.extras().get("logprobs"))
                    .isEqualTo(Map.of("content", List.of(Map.of("token", "h"), Map.of("token", "i"))));
        }
    }

    @Test
    void a_server_that_tells_nothing_leaves_it_unknown() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, ANSWER))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            assertThat(metadata.route()).isEqualTo("chat");
            assertThat(metadata.provider()).isNull();
            assertThat(metadata.attempts()).isNull();
            assertThat(metadata.cached()).isNull();
            assertThat(metadata.latency()).isNull();
            assertThat(metadata.limitState()).isNull();
            assertThat(metadata.traceId()).isNull();
        }
    }

    @Test
    void nonsense_in_headers_is_left_aside() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(
                200,
                ANSWER,
                "X-Gateway-Attempts: many",
                "X-Gateway-Cached: perhaps",
                "X-MLflow-Gateway-Duration-Ms: 5",
                "X-MLflow-Gateway-Overhead-Duration-Ms: 9",
                "X-RateLimit-Limit-Requests: 99999999999999999999999",
                "X-RateLimit-Reset-Requests: soon",
                "traceparent: 00-0",
                "X-Gateway-Served-Model: %zz"))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            assertThat(metadata.attempts()).isNull();
            assertThat(metadata.cached()).isNull();
            assertThat(metadata.latency()).isEqualTo(new MlflowGatewayLatency(Duration.ofMillis(5), null, null));
            assertThat(metadata.limitState()).isNull();
            assertThat(metadata.traceId()).isNull();
            assertThat(metadata.servedModel()).isEqualTo("%zz");
        }
    }

    @Test
    void nonsense_in_numbers_does_not_cost_the_answer() throws Exception {
        String answer = "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],"
                + "\"usage\":{\"prompt_tokens\":1,\"cost\":1e999,\"cost_currency\":\" \"}}";
        try (StubGateway gateway = deployments(
                (request, wire) -> wire.json(200, answer, "X-MLflow-Gateway-Duration-Ms: 999999999999999"))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            assertThat(metadata.latency()).isNull();
            assertThat(metadata.tokenUsage())
                    .extracting(MlflowGatewayTokenUsage::costs)
                    .asInstanceOf(LIST)
                    .isEmpty();
        }
    }

    @Test
    void what_a_call_cost_is_told_by_the_head_where_the_body_does_not() throws Exception {
        String usage = ",\"usage\":{\"prompt_tokens\":1}}";
        String paid = ",\"usage\":{\"prompt_tokens\":1,\"cost\":0.5}}";
        String chat = "{\"choices\":[{\"message\":{\"content\":\"hi\"}}]";
        String text = "{\"choices\":[{\"text\":\"hi\"}]";
        String vector = "{\"data\":[{\"index\":0,\"embedding\":[1]}]";

        assertThat(costOfChat(chat + usage, "0.00037")).hasToString("0.00037 USD");
        assertThat(costOfChat(chat + "}", "0.00037")).hasToString("0.00037 USD");
        assertThat(costOfChat(chat + paid, "0.00037")).hasToString("0.5 USD");
        assertThat(costOfChat(chat + usage, "1e-9")).isNull();
        assertThat(costOfText(text + usage, "2.50")).hasToString("2.5 USD");
        assertThat(costOfVector(vector + usage, "0.1")).hasToString("0.1 USD");
    }

    private static @Nullable MlflowGatewayCost costOfChat(String answer, String cost) throws Exception {
        try (StubGateway gateway = costs(answer, cost)) {
            return cost(whole(gateway).tokenUsage());
        }
    }

    private static @Nullable MlflowGatewayCost costOfText(String answer, String cost) throws Exception {
        try (StubGateway gateway = costs(answer, cost)) {
            return cost(MlflowGatewayLanguageModel.builder()
                    .baseUrl(gateway.url())
                    .route("text")
                    .build()
                    .generate("Hello")
                    .tokenUsage());
        }
    }

    private static @Nullable MlflowGatewayCost costOfVector(String answer, String cost) throws Exception {
        try (StubGateway gateway = costs(answer, cost)) {
            return cost(MlflowGatewayEmbeddingModel.builder()
                    .baseUrl(gateway.url())
                    .route("vectors")
                    .build()
                    .embed("Hello")
                    .tokenUsage());
        }
    }

    private static StubGateway costs(String answer, String cost) throws Exception {
        return deployments((request, wire) -> wire.json(200, answer, "X-Gateway-Cost-Usd: " + cost));
    }

    private static @Nullable MlflowGatewayCost cost(@Nullable TokenUsage usage) {
        return usage instanceof MlflowGatewayTokenUsage ours ? ours.cost() : null;
    }

    @Test
    void a_cost_in_a_currency_without_a_name_is_in_dollars() throws Exception {
        String answer = "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],"
                + "\"usage\":{\"prompt_tokens\":1,\"cost\":0.5,\"cost_currency\":\" \"}}";
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, answer))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            assertThat(metadata.tokenUsage())
                    .extracting(MlflowGatewayTokenUsage::cost)
                    .hasToString("0.5 USD");
        }
    }

    @Test
    void names_of_databricks_and_of_w3c_are_understood() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(
                200,
                ANSWER,
                "Served-Model-Name: llama-3",
                "X-Databricks-Request-Id: db-1",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            assertThat(metadata.servedModel()).isEqualTo("llama-3");
            assertThat(metadata.requestId()).isEqualTo("db-1");
            assertThat(metadata.traceId()).isEqualTo("tr-0af7651916cd43dd8448eb211c80319c");
        }
    }

    @Test
    void numbers_that_are_too_large_or_less_than_nothing_are_as_good_as_not_told() throws Exception {
        String usage = "{\"prompt_tokens\":4294967297,\"completion_tokens\":-1,\"total_tokens\":1e30,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":99999999999999999999},\"cost\":1e999}";
        try (StubGateway gateway = deployments(
                (request, wire) -> wire.json(200, withUsage(usage), "X-MLflow-Gateway-Duration-Ms: 999999999999999"))) {
            MlflowGatewayChatResponseMetadata metadata = whole(gateway);

            assertThat(metadata.tokenUsage()).isNull();
            assertThat(metadata.latency()).isNull();
        }
    }

    @Test
    void a_total_is_never_less_than_its_parts_and_a_blank_currency_is_none() throws Exception {
        String usage = "{\"prompt_tokens\":2147483647,\"completion_tokens\":2,\"cost\":1,\"cost_currency\":\" \"}";
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, withUsage(usage)))) {
            MlflowGatewayTokenUsage told = Objects.requireNonNull(whole(gateway).tokenUsage());

            assertThat(told.totalTokenCount()).isEqualTo(Integer.MAX_VALUE);
            assertThat(told.add(told).outputTokenCount()).isEqualTo(4);
            assertThat(told.add(told).inputTokenCount()).isEqualTo(Integer.MAX_VALUE);
            assertThat(told.cost()).hasToString("1 USD");
        }
    }

    private static String withUsage(String usage) {
        return "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"usage\":" + usage + "}";
    }

    private static void tellsAll(MlflowGatewayChatResponseMetadata metadata) {
        assertThat(metadata.route()).isEqualTo("chat");
        assertThat(metadata.provider()).isEqualTo("openai");
        assertThat(metadata.servedModel()).isEqualTo("mein Modell");
        assertThat(metadata.requestId()).isEqualTo("req-1");
        assertThat(metadata.traceId()).isEqualTo("tr-0af7651916cd43dd8448eb211c80319c");
        assertThat(metadata.attempts()).isEqualTo(2);
        assertThat(metadata.cached()).isFalse();
        assertThat(metadata.latency())
                .isEqualTo(new MlflowGatewayLatency(
                        Duration.ofNanos(12_500_000), Duration.ofNanos(250_000), Duration.ofNanos(12_250_000)));
        assertThat(metadata.limitState())
                .isEqualTo(new MlflowGatewayLimitState(
                        new MlflowGatewayLimitState.Window(60L, 59L, Duration.ofSeconds(42)),
                        new MlflowGatewayLimitState.Window(null, 149984L, Duration.ofMinutes(6))));
    }

    private static MlflowGatewayChatResponseMetadata whole(StubGateway gateway) {
        return (MlflowGatewayChatResponseMetadata) MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .build()
                .chat(UserMessage.from("Hello"))
                .metadata();
    }
}
