package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that repeat what they were shown, also where the HTTP client quotes them: no exception, cause or log does. */
class EchoedSecretsIT {

    private static final String SECRET = "sk-fake-never-repeated";
    private static final String BEGINNING = "sk-fake";

    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger logger = new LoggerContext().getLogger("wire");

    EchoedSecretsIT() {
        logger.setLevel(Level.INFO);
        logger.addAppender(written);
        written.start();
    }

    static Stream<String> garbledHeads() {
        return Stream.of(
                "Authorization: Bearer " + SECRET + "\r\n\r\n",
                "POST /endpoints/chat/invocations?code=" + SECRET + " HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nBearer " + SECRET + ": x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: Bearer " + SECRET + "\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("garbledHeads")
    void a_head_that_is_not_http_is_not_quoted_where_it_holds_a_secret(String head) throws Exception {
        Throwable failure = failure((request, wire) -> {
            wire.raw(head);
            wire.close();
        });

        assertThat(failure).isInstanceOf(GatewayConnectionException.class);
        assertThat(stackTrace(failure)).doesNotContain(BEGINNING);
    }

    @Test
    void a_length_that_is_no_number_is_a_broken_answer() throws Exception {
        Throwable failure = failure((request, wire) -> {
            wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n");
            wire.close();
        });

        assertThat(failure).isInstanceOf(GatewayConnectionException.class).hasMessageContaining("route 'chat'");
    }

    @Test
    void a_secret_where_a_long_message_is_cut_is_masked_before() throws Exception {
        String message = "x".repeat(1_990) + SECRET + "x".repeat(50_000);

        Throwable failure = failure((request, wire) -> wire.json(400, "{\"error\":\"" + message + "\"}"));

        assertThat(failure.getMessage())
                .contains("xx***x")
                .hasSizeLessThan(2_200)
                .doesNotContain(BEGINNING);
        assertThat(stackTrace(failure)).doesNotContain(BEGINNING);
    }

    @Test
    void a_secret_that_is_too_long_for_the_log_is_masked_before_it_is_cut() throws Exception {
        String key = BEGINNING + "0123456789".repeat(40);
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.json(200, "{\"you\":\"" + key + "\"}"))) {
            MlflowGatewayChatModel model = model(gateway).apiKey(key).build();

            assertThat(catchThrowable(() -> model.chat("Hello"))).isNotNull();

            assertThat(written.list.toString()).contains("{\"you\":\"***\"}").doesNotContain(BEGINNING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200b", "\u2019", "\n", "\u0000"})
    void a_key_no_header_can_hold_is_refused_without_being_quoted(String pasted) throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.hold())) {
            MlflowGatewayChatModel model =
                    model(gateway).apiKey(SECRET + pasted + "x").build();

            Throwable failure = catchThrowable(() -> model.chat("Hello"));

            assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Authorization");
            assertThat(stackTrace(failure)).doesNotContain(BEGINNING);
            assertThat(gateway.seen()).isEmpty();
        }
    }

    private Throwable failure(StubGateway.Script script) throws Exception {
        try (StubGateway gateway = new StubGateway(script)) {
            MlflowGatewayChatModel model = model(gateway)
                    .apiKey(SECRET)
                    .customQueryParams(Map.of("code", SECRET))
                    .build();

            return catchThrowable(() -> model.chat("Hello"));
        }
    }

    private MlflowGatewayChatModel.MlflowGatewayChatModelBuilder model(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                .route("chat")
                .maxRetries(0)
                .logRequests(true)
                .logResponses(true)
                .logger(logger);
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
