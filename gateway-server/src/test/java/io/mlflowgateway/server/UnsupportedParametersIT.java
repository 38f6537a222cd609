package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every surface, streaming or not, with parameters that the route's provider has no place for. */
class UnsupportedParametersIT {
    private static final String HEADER = "x-gateway-dropped-parameters";
    private static final String ASKED = "\"user\":\"somebody\",\"seed\":37";
    private static final AtomicReference<String> SENT = new AtomicReference<>("");
    private static final RawUpstream UPSTREAM = new RawUpstream(UnsupportedParametersIT::answer);
    private static final RawUpstream REFUSING = new RawUpstream(talk -> {
        while (talk.next().isPresent()) {
            talk.send(RawUpstream.json("{\"error\":{\"message\":\"no\"}}").replace("200 OK", "503 No"));
        }
    });
    private static final TestGateway GATEWAY = TestGateway.with("endpoints: []");

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @BeforeEach
    void begin() {
        SENT.set("");
    }

    @AfterAll
    static void stop() {
        GATEWAY.close();
        UPSTREAM.close();
        REFUSING.close();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("on_unsupported.drop")
    void what_the_provider_has_no_place_for_is_left_out_and_named(Surface surface) {
        GATEWAY.reload(config("drop"));

        HttpResponse<String> answer = GATEWAY.post(surface.path(), surface.jsonWith(ASKED));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(HEADER)).contains("user, seed");
        assertThat(SENT.get())
                .contains("the-model")
                .doesNotContain("user\":\"somebody")
                .doesNotContain("seed");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("on_unsupported.reject")
    void a_route_refuses_what_its_provider_has_no_place_for_and_names_all(Surface surface) {
        GATEWAY.reload(config("reject"));

        HttpResponse<String> answer = GATEWAY.post(surface.path(), surface.jsonWith(ASKED));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(surface.openAi() ? 400 : 422);
        assertThat(surface.isFailure(answer.body())).as(answer.body()).isTrue();
        assertThat(answer.body()).contains("user").contains("seed").contains("unsupported_parameter");
        assertThat(answer.headers().firstValue("x-gateway-error-source")).contains("gateway");
        assertThat(answer.headers().firstValue(HEADER)).isEmpty();
        assertThat(SENT.get()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("on_unsupported.forward")
    void a_route_sends_what_its_provider_has_no_place_for_as_it_came(Surface surface) {
        GATEWAY.reload(config("forward"));

        HttpResponse<String> answer = GATEWAY.post(surface.path(), surface.jsonWith(ASKED));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(HEADER)).isEmpty();
        assertThat(SENT.get()).contains("\"user\":\"somebody\"").contains("\"seed\":37");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void what_changes_the_question_is_refused_in_any_case(Surface surface) {
        GATEWAY.reload(config("drop").replace("[user, seed]", "[tools, user]"));

        HttpResponse<String> answer =
                GATEWAY.post(surface.path(), surface.jsonWith("\"user\":\"somebody\",\"tools\":[{}]"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(surface.openAi() ? 400 : 422);
        assertThat(answer.body()).contains("tools").contains("unsupported_parameter");
        assertThat(SENT.get()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void what_asks_for_nothing_is_not_spoken_of(Surface surface) {
        GATEWAY.reload(config("reject").replace("[user, seed]", "[tools, logprobs, user]"));

        HttpResponse<String> answer =
                GATEWAY.post(surface.path(), surface.jsonWith("\"tools\":[],\"logprobs\":false,\"user\":null"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(HEADER)).isEmpty();
    }

    @Test
    void the_names_are_those_of_the_target_that_answers() {
        GATEWAY.reload("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: first, model: {provider: openai-compatible, name: m, config: {api_base: '%s', drop_parameters: [user]}}}
                      - {name: second, model: {provider: openai-compatible, name: m, config: {api_base: '%s', drop_parameters: [seed]}}}
                    routing: {balance: in-order, fallback: true}
                """.formatted(REFUSING.base(), UPSTREAM.base()));

        HttpResponse<String> answer = GATEWAY.post(
                "/endpoints/chat/invocations", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + ASKED + "}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-gateway-target")).contains("second");
        assertThat(answer.headers().firstValue(HEADER)).contains("seed");
        assertThat(SENT.get()).contains("\"user\":\"somebody\"").doesNotContain("seed");
    }

    private static String config(String policy) {
        String lines = "    on_unsupported: " + policy + "\n";
        return Surface.config(UPSTREAM.base(), "k", lines)
                .replace("provider: openai\n", "provider: openai-compatible\n")
                .replace("openai_api_key: k, openai_api_base", "drop_parameters: [user, seed], api_key: k, api_base");
    }

    private static void answer(RawUpstream.Talk talk) throws IOException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            SENT.set(request.get().body());
            talk.send(Surface.answerTo(request.get()));
            request = talk.next();
        }
    }
}
