package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every builder has every knob, and takes null for "not set". */
class BuildersTest {

    private static final String SECRET = "sk-fake-never-shown";

    /** The names a user of LangChain4j's own modules looks for, and ours beside them. */
    private static final Set<String> HTTP_KNOBS = Set.of(
            "baseUrl",
            "apiKey",
            "timeout",
            "connectTimeout",
            "firstByteTimeout",
            "idleTimeout",
            "totalTimeout",
            "maxRetries",
            "logRequests",
            "logResponses",
            "logger",
            "maxRetryAfter",
            "tokenProvider",
            "customHeaders",
            "customQueryParams",
            "organizationId",
            "projectId",
            "userAgent",
            "httpClientBuilder",
            "dialect");

    private static final Set<String> CHAT_KNOBS = Set.of(
            "defaultRequestParameters",
            "modelName",
            "temperature",
            "topP",
            "stop",
            "maxTokens",
            "presencePenalty",
            "frequencyPenalty",
            "responseFormat",
            "strictJsonSchema",
            "seed",
            "user",
            "strictTools",
            "parallelToolCalls",
            "reasoningEffort",
            "returnThinking",
            "sendThinking",
            "customParameters",
            "listeners",
            "supportedCapabilities",
            "route",
            "client");

    static Stream<Supplier<? extends MlflowGatewayBuilder<?>>> builders() {
        return Stream.of(
                MlflowGatewayChatModel::builder,
                MlflowGatewayStreamingChatModel::builder,
                MlflowGatewayLanguageModel::builder,
                MlflowGatewayStreamingLanguageModel::builder,
                MlflowGatewayEmbeddingModel::builder,
                MlflowGatewayModelCatalog::builder,
                MlflowGatewayClient::builder);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void every_builder_has_every_http_knob(Supplier<? extends MlflowGatewayBuilder<?>> builder) {
        assertThat(setters(builder.get().getClass())).containsAll(HTTP_KNOBS);
    }

    @Test
    void the_chat_builders_have_the_same_knobs() {
        Set<String> whole = setters(MlflowGatewayChatModel.builder().getClass());
        Set<String> streaming =
                setters(MlflowGatewayStreamingChatModel.builder().getClass());

        assertThat(whole).isEqualTo(streaming).containsAll(CHAT_KNOBS);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void every_setter_accepts_null_and_returns_the_builder(Supplier<? extends MlflowGatewayBuilder<?>> builders)
            throws Exception {
        MlflowGatewayBuilder<?> builder = builders.get();

        for (Method method : setterMethods(builder.getClass())) {
            Object returned = method.invoke(builder, new Object[method.getParameterCount()]);
            assertThat(returned).as(method.toString()).isSameAs(builder);
        }
        builder.baseUrl("http://127.0.0.1:1");
        Object built = builder.getClass().getMethod("build").invoke(builder);

        assertThat(built).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("builders")
    void neither_builders_nor_what_they_build_print_secrets(Supplier<? extends MlflowGatewayBuilder<?>> builders)
            throws Exception {
        MlflowGatewayBuilder<?> builder = builders.get();
        builder.baseUrl("http://127.0.0.1:1").apiKey(SECRET);
        builder.customHeaders(Map.of("X-Key", SECRET)).customQueryParams(Map.of("key", SECRET));

        Object built = builder.getClass().getMethod("build").invoke(builder);

        assertThat(builder.toString()).doesNotContain(SECRET);
        assertThat(built.toString()).doesNotContain(SECRET);
    }

    @Test
    void a_base_url_is_required_and_must_be_one() {
        for (String wrong : Arrays.asList(null, " ", "127.0.0.1:5000", "ftp://host", "http://", "http://h?x=1", "::")) {
            assertThatThrownBy(
                            () -> MlflowGatewayClient.builder().baseUrl(wrong).build())
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("baseUrl");
        }
        assertThatThrownBy(() -> MlflowGatewayClient.builder()
                        .baseUrl("http://user:" + SECRET + "@host")
                        .build())
                .hasMessageContaining("baseUrl")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> MlflowGatewayClient.builder()
                        .baseUrl("http://user:" + SECRET + " @host")
                        .build())
                .hasMessageContaining("baseUrl")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @Test
    void a_base_url_without_its_scheme_is_shown_with_what_is_missing() {
        for (String wrong : List.of("127.0.0.1:5000", "localhost:5000", "my-host.example:80/base", "[::1]:5000")) {
            assertThatThrownBy(
                            () -> MlflowGatewayClient.builder().baseUrl(wrong).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("baseUrl '" + wrong + "' must begin with http:// or https://; did you mean http://"
                            + wrong + "?");
        }
    }

    @Test
    void what_is_no_address_may_be_a_secret_and_is_not_shown() {
        for (String wrong : List.of(SECRET, "user:" + SECRET + "@host:80", "host:80/?key=" + SECRET, "::" + SECRET)) {
            assertThatThrownBy(
                            () -> MlflowGatewayClient.builder().baseUrl(wrong).build())
                    .hasMessageContaining("must begin with http:// or https://")
                    .hasMessageNotContaining(SECRET);
        }
    }

    @Test
    void settings_that_make_no_sense_are_refused_by_name() {
        MlflowGatewayClient.MlflowGatewayClientBuilder builder =
                MlflowGatewayClient.builder().baseUrl("http://127.0.0.1:1");

        assertThatThrownBy(() -> builder.maxRetries(-1).build()).hasMessageContaining("maxRetries");
        builder.maxRetries(0);
        assertThatThrownBy(() -> builder.idleTimeout(Duration.ZERO).build()).hasMessageContaining("idleTimeout");
        builder.idleTimeout(null);
        assertThatThrownBy(() -> builder.totalTimeout(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("totalTimeout");
    }

    @Test
    void a_shared_client_and_settings_of_its_own_contradict_each_other() {
        MlflowGatewayClient client =
                MlflowGatewayClient.builder().baseUrl("http://127.0.0.1:1").build();

        assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                        .client(client)
                        .apiKey("fake")
                        .maxRetries(1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("apiKey, maxRetries");
        assertThatThrownBy(() -> MlflowGatewayModelCatalog.builder()
                        .client(client)
                        .baseUrl("http://127.0.0.1:2")
                        .build())
                .hasMessageContaining("baseUrl");
    }

    private static Set<String> setters(Class<?> builder) {
        Set<String> names = new TreeSet<>();
        setterMethods(builder).forEach(method -> names.add(method.getName()));
        return names;
    }

    private static List<Method> setterMethods(Class<?> builder) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> method.getParameterCount() > 0 && !method.isBridge())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> MlflowGatewayBuilder.class.isAssignableFrom(method.getDeclaringClass()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://mlflow_gateway:5000 | no host name may have",
                "http://127.0.0.1:port      | its port must be a number",
                "http://127.0.0.1:99999     | ports end at 65535"
            })
    void an_address_that_cannot_be_called_is_refused_with_what_is_wrong_with_it(String baseUrl, String told) {
        assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                        .baseUrl(baseUrl)
                        .route("chat")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }

    @Test
    void a_timeout_that_is_none_is_refused_by_the_name_it_was_set_by() {
        assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                        .baseUrl("http://127.0.0.1:1")
                        .timeout(Duration.ZERO)
                        .build())
                .hasMessageStartingWith("timeout must be more than zero");
    }

    @Test
    void a_timeout_beyond_all_time_is_a_long_one() {
        MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl("http://127.0.0.1:1")
                .route("chat")
                .timeout(Duration.ofMillis(Long.MAX_VALUE))
                .maxRetries(0)
                .build();

        assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(GatewayConnectionException.class);
    }

    @Test
    void a_header_that_would_arrive_as_question_marks_is_refused() {
        MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl("http://127.0.0.1:1")
                .route("chat")
                .customHeaders(Map.of("X-Team", "équipe"))
                .build();

        assertThatThrownBy(() -> model.chat("Hello"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-Team")
                .hasMessageContaining("not ASCII");
    }
}
