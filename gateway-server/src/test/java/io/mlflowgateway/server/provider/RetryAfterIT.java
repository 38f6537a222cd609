package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a provider says how long it wants to be left alone, every caller hears it, whatever it speaks. */
class RetryAfterIT {
    private static final String HEADER = "Retry-After: 17\r\n";
    private static final String PLAIN = "{\"error\":{\"message\":\"slow down\"}}";

    /** The wires there are, with what their configuration says; {@code %1$s} is the server's root. */
    private static final List<String> CONFIGS = List.of(
            "openai, name: m, config: {openai_api_key: k, openai_api_base: '%1$s/v1'}",
            "openai, name: m, config: {openai_api_key: k, openai_api_base: '%1$s', openai_api_type: azure,"
                    + " openai_api_version: v, openai_deployment_name: d}",
            "anthropic, name: m, config: {anthropic_api_key: k, anthropic_api_base: '%1$s/v1'}",
            "gemini, name: m, config: {gemini_api_key: k, gemini_api_base: '%1$s/v1beta'}",
            "cohere, name: m, config: {cohere_api_key: k, cohere_api_base: '%1$s'}",
            "palm, name: m, config: {palm_api_key: k, palm_api_base: '%1$s/v1beta3'}",
            "mosaicml, name: llama2-70b-chat, config: {mosaicml_api_key: k, mosaicml_api_base: '%1$s'}",
            "bedrock, name: 'anthropic.claude-3-5-sonnet-20241022-v2:0', config: {aws_config: {aws_region: eu-central-1,"
                    + " aws_access_key_id: k, aws_secret_access_key: s, endpoint_url: '%1$s'}}",
            "mistral, name: m, config: {mistral_api_key: k, mistral_api_base: '%1$s/v1'}",
            "togetherai, name: m, config: {togetherai_api_key: k, togetherai_api_base: '%1$s/v1'}",
            "ollama, name: m, config: {api_base: '%1$s/v1'}",
            "openai-compatible, name: m, config: {api_base: '%1$s/v1'}",
            "databricks, name: m, config: {host: '%1$s', token: k}",
            "ai21labs, name: m, config: {ai21labs_api_key: k, ai21labs_api_base: '%1$s/studio/v1'}",
            "huggingface-text-generation-inference, name: m, config: {hf_server_url: '%1$s'}",
            "mlflow-model-serving, name: m, config: {model_server_url: '%1$s'}");

    static Stream<Arguments> refusals() {
        Stream<Arguments> header = CONFIGS.stream().map(config -> Arguments.of(config, HEADER, PLAIN, "17"));
        String retryInfo =
                "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"slow down\",\"details\":"
                        + "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"7s\"}]}}";
        return Stream.concat(
                header,
                Stream.of(
                        Arguments.of(CONFIGS.get(0), "retry-after-ms: 1501\r\n", PLAIN, "2"),
                        Arguments.of(CONFIGS.get(1), "retry-after-ms: 9000\r\n", PLAIN, "9"),
                        Arguments.of(CONFIGS.get(1), "retry-after: 3\r\nretry-after-ms: 2500\r\n", PLAIN, "3"),
                        Arguments.of(CONFIGS.get(3), "", retryInfo, "7"),
                        Arguments.of(CONFIGS.get(3), "", '[' + retryInfo + ']', "7")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_time_that_is_named_reaches_the_callers_of_every_surface(
            String config, String headers, String body, String expected) {
        String refusal = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
        boolean streams =
                new Providers().find(config.split(",")[0]).orElseThrow().spec().streams();
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.send(refusal));
                TestGateway gateway = TestGateway.with(everyRoute(
                        "{provider: " + config.formatted(upstream.base().replaceAll("/v1$", "")) + "}"))) {
            Surface.all()
                    .filter(surface -> surface.task() == Task.CHAT && (streams || !surface.streams()))
                    .forEach(surface -> {
                        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

                        assertThat(answer.statusCode())
                                .as(surface + answer.body())
                                .isEqualTo(429);
                        assertThat(answer.headers().firstValue("retry-after"))
                                .as(surface.toString())
                                .contains(expected);
                    });
        }
    }

    private static String everyRoute(String model) {
        return """
                routes:
                  - {name: classic-chat, route_type: llm/v1/chat, model: %1$s}
                  - name: split-chat
                    task_type: llm/v1/chat
                    destinations: [{name: chat, traffic_percentage: 100}]
                endpoints:
                  - {name: chat, endpoint_type: llm/v1/chat, model: %1$s}
                """.formatted(model);
    }

    @Test
    void no_provider_with_a_wire_is_left_out() {
        String configured = CONFIGS.stream().map(config -> config.split(",")[0]).collect(Collectors.joining(","));

        assertThat(new Providers().specs())
                .extracting(spec -> spec.name())
                .filteredOn(name -> !name.equals("echo"))
                .allSatisfy(name -> assertThat("," + configured + ",").contains("," + name + ","));
    }
}
