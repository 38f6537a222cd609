package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * What every provider over HTTP must hold to. A subclass names its provider and settings; the shapes are files under
 * {@code provider/<name>/}: {@code <task>-request.json} (the caller's), {@code <task>-upstream.json} (what must be sent),
 * {@code <task>-response.json}, {@code error-401.json}, {@code error-429.json}, and a {@code SOURCE.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProviderContract {
    static final String SECRET = "sk-fake-secret-value";
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    abstract WireProvider provider();

    abstract Settings settings();

    String model() {
        return "gpt-fake";
    }

    /** Where the files are: a provider with several wires has a folder for each. */
    String folder() {
        return provider().spec().name();
    }

    @Test
    void the_sources_of_the_shapes_are_named() {
        assertThat(fixture("SOURCE.md")).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void a_request_goes_out_as_the_provider_wants_it(Task task) {
        assumeDone(task);

        UpstreamRequest request = provider().encode(query(task, fixture(task, "request.json"), false), attempt());

        assertThat(json(request.body().toBytes())).isEqualTo(json(fixture(task, "upstream.json")));
        assertThat(request.streams()).isFalse();
    }

    final Stream<Arguments> parameters() {
        return provider().spec().tasks().stream()
                .sorted()
                .flatMap(task -> Stream.concat(table(task).listed(task).keySet().stream(), Stream.of("unheard_of"))
                        .map(name -> arguments(task, name)));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void what_the_table_says_of_a_parameter_is_what_becomes_of_it(Task task, String name) {
        theTableMustBeTrue(task, name, attempt());
    }

    /** Encodes with and without the parameter: what differs is what the table of the attempt's target says. */
    final void theTableMustBeTrue(Task task, String name, Attempt attempt) {
        Treatment treatment =
                provider().parameters(task, attempt.model(), attempt.settings()).of(name);
        SaidParameter said = SaidParameter.of(name);

        switch (treatment.kind()) {
            case FORWARD ->
                assertThat(encoded(task, said.with(task), attempt).path(name)).isEqualTo(json(said.json()));
            case TRANSLATE ->
                mustBeTranslated(
                        treatment,
                        said,
                        encoded(task, said.without(task), attempt),
                        () -> encoded(task, said.with(task), attempt));
            case UNSUPPORTED -> mustStayBehind(task, said, attempt);
        }
    }

    /** Nothing of it goes; or nothing at all, since without it the answer would be to another question. */
    private void mustStayBehind(Task task, SaidParameter said, Attempt attempt) {
        try {
            // What it stands beside, tools for one, may be refused as well.
            assertThat(encoded(task, said.with(task), attempt)).isEqualTo(encoded(task, said.without(task), attempt));
        } catch (Failure refused) {
            assertThat(refused.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
        }
    }

    /** As its rule says; a value that is refused is named there. */
    private static void mustBeTranslated(
            Treatment treatment, SaidParameter said, JsonNode without, Supplier<JsonNode> encoding) {
        assertThat(treatment.rule()).isNotBlank();
        JsonNode with;
        try {
            with = encoding.get();
        } catch (Failure refused) {
            assertThat(treatment.rule()).contains("refused");
            return;
        }
        if (treatment.place().isEmpty()) {
            assertThat(with).isEqualTo(without);
            return;
        }
        String place = treatment.place().get().replace(Treatment.NAME, said.name());
        assertThat(at(with, place)).as(place).isNotEqualTo(at(without, place));
        assertThat(at(with, place).isMissingNode()).as(place).isFalse();
    }

    /** What stands at the end of steps joined by dots; of lists the first item counts. */
    private static JsonNode at(JsonNode tree, String place) {
        JsonNode at = tree;
        for (String step : place.split("\\.")) {
            at = (at.isArray() ? at.path(0) : at).path(step);
        }
        return at;
    }

    private ParameterTable table(Task task) {
        return provider().parameters(task, model(), settings());
    }

    private JsonNode encoded(Task task, String body, Attempt attempt) {
        return json(provider().encode(query(task, body, false), attempt).body().toBytes());
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void an_answer_has_the_shape_of_openai(Task task) {
        assumeDone(task);

        JsonNode answer =
                json(decode(task, fixture(task, "response.json")).body().bytes());

        String list = task == Task.EMBEDDINGS ? "data" : "choices";
        String content = task == Task.CHAT ? "message" : task == Task.COMPLETIONS ? "text" : "embedding";
        assertThat(answer.path(list)).isNotEmpty().allSatisfy(item -> {
            assertThat(item.has("index")).isTrue();
            assertThat(item.has(content)).isTrue();
        });
        assertThat(answer.has("object") && answer.has("model") && answer.has("usage"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "42",
                "\"text\"",
                "{}",
                "{",
                "<html><body>Log in</body></html>",
                "{\"choices\":{}}",
                "{\"choices\":null}",
                "{\"predictions\":[]}",
                "{\"predictions\":null}",
                "{\"detail\":\"x\"} trailing"
            })
    void an_answer_of_another_shape_is_a_bad_gateway(String nonsense) {
        for (Task task : provider().spec().tasks()) {

            Failure failure = failureOf(() -> decode(task, nonsense));

            assertThat(failure.kind()).as("%s for %s", nonsense, task).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
            assertThat(failure.status()).isEqualTo(502);
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529)
                .map(status -> arguments(status));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_keeps_its_status(int status) {
        Failure failure = refusal(status, "application/json", fixture("error-429.json"));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.source()).isEqualTo(Failure.Source.UPSTREAM);
        assertThat(failure.getMessage())
                .endsWith(json(fixture("error-429.json")).at("/error/message").asText());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void a_refused_credential_is_said_to_be_the_gateways(int status) {
        Failure failure = refusal(status, "application/json", fixture("error-401.json"));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.getMessage()).startsWith("the provider refused the gateway's credential");
        assertThat(failure.getMessage() + failure.detailJson().orElse(""))
                .doesNotContain("sk-")
                .doesNotContain("fake1");
    }

    @Test
    void the_targets_secrets_are_masked_wherever_they_stand() {
        Failure message = refusal(400, "application/json", "{\"error\":{\"message\":\"bad " + SECRET + "\"}}");
        Failure document = refusal(400, "application/json", "{\"oops\":\"bad " + SECRET + "\"}");
        Failure text = refusal(400, "text/plain", "bad " + SECRET);

        assertThat(message.getMessage()).isEqualTo("bad ***");
        assertThat(document.detailJson()).contains("{\"oops\":\"bad ***\"}");
        assertThat(text.detailJson()).contains("{\"message\":\"bad ***\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_a_bad_gateway(int status) {
        assertThat(refusal(status, "text/html", "moved").status()).isEqualTo(502);
    }

    @Test
    void a_refusal_of_another_type_is_a_bad_gateway_that_names_it() {
        Failure failure = refusal(503, "text/html; charset=utf-8", "<html>Service Unavailable</html>");

        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.getMessage()).contains("text/html").doesNotContain("<html>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "*", "bearer ", " ", "sk-", "-*"})
    @Timeout(5)
    void a_long_refusal_is_cut_in_no_time(String filler) {
        String words = filler.repeat(200_000 / filler.length());

        Failure failure = refusal(400, "application/json", "{\"error\":{\"message\":\"" + words + "\"}}");

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.getMessage().length()).isLessThan(5_000);
    }

    @Test
    void a_document_that_masking_would_break_is_left_out() {
        Failure failure = refusal(400, "application/json", "{\"secret\":123456789012345678}");

        assertThat(failure.detailJson().map(ProviderContract::json)).isNotPresent();
        assertThat(failure.getMessage()).contains("400");
    }

    @Test
    void a_refusal_too_long_to_be_one_is_not_read() {
        Failure failure = refusal(500, "text/plain", "secret".repeat(100_000));

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.getMessage()).doesNotContain("secret");
    }

    @Test
    void retry_after_is_passed_on() {
        UpstreamResponse.Whole answer =
                new UpstreamResponse.Whole(429, Optional.of("17"), "application/json", utf8(fixture("error-429.json")));

        Failure failure = Await.failure(provider()
                .ask(
                        anyQuery(),
                        attempt(),
                        (request, deadline) -> Mono.just(answer),
                        Deadline.in(Duration.ofSeconds(5))));

        assertThat(failure.retryAfter()).contains("17");
    }

    @Test
    void one_request_goes_out_and_only_when_somebody_subscribes() {
        Task task = anyQuery().task();
        UpstreamResponse.Whole answer = new UpstreamResponse.Whole(
                200, Optional.empty(), "application/json", utf8(fixture(task, "response.json")));
        AtomicInteger sent = new AtomicInteger();
        Sender counting = (request, deadline) -> Mono.fromSupplier(() -> {
            sent.incrementAndGet();
            return answer;
        });

        Mono<Reply> reply = provider().ask(anyQuery(), attempt(), counting, Deadline.in(Duration.ofSeconds(5)));

        assertThat(sent).hasValue(0);
        assertThat(Await.value(reply)).isInstanceOf(Reply.Whole.class);
        assertThat(sent).hasValue(1);
    }

    final Query anyQuery() {
        Task task = provider().spec().tasks().contains(Task.CHAT) ? Task.CHAT : Task.COMPLETIONS;
        return query(task, fixture(task, "request.json"), false);
    }

    final Reply.Whole decode(Task task, String response) {
        Query query = query(task, fixture(task, "request.json"), false);
        return provider()
                .decode(
                        query,
                        attempt(),
                        new UpstreamResponse.Whole(200, Optional.empty(), "application/json", utf8(response)));
    }

    final Failure refusal(int status, String contentType, String body) {
        return provider()
                .failure(attempt(), new UpstreamResponse.Whole(status, Optional.empty(), contentType, utf8(body)));
    }

    final Attempt attempt() {
        return new Attempt(model(), settings(), NOW);
    }

    static Failure failureOf(Runnable action) {
        return catchThrowableOfType(Failure.class, action::run);
    }

    static Query query(Task task, String body, boolean streams) {
        return new Query(task, body(body), streams, false, TemperatureRange.ZERO_TO_TWO);
    }

    static Body body(String json) {
        try {
            return BodyScanner.scan(utf8(json));
        } catch (BodyScanner.Malformed e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    final String fixture(Task task, String ending) {
        return fixture(task.name().toLowerCase(Locale.ROOT) + "-" + ending);
    }

    final String fixture(String file) {
        String path = "/provider/" + folder() + "/" + file;
        try (InputStream in = ProviderContract.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assumeDone(Task task) {
        Assumptions.assumeTrue(provider().spec().tasks().contains(task));
    }

    static JsonNode json(String text) {
        return json(utf8(text));
    }

    static JsonNode json(byte[] bytes) {
        try {
            return Json.tree(bytes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
