package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ProviderCapabilitiesIT {
    private static final TestGateway GATEWAY = TestGateway.with("endpoints: []");

    @AfterAll
    static void stop() {
        GATEWAY.close();
    }

    @Test
    void every_provider_tells_of_every_task() throws JsonProcessingException {
        JsonNode providers = page();

        for (ProviderSpec spec : new Providers().specs()) {
            for (Task task : spec.tasks()) {
                JsonNode shown = providers.path(spec.name()).path(task.wireName());
                assertThat(shown.path("status").asText()).as(spec.name()).isIn("fixture", "real");
                assertThat(shown.path("streams").asBoolean())
                        .as(spec.name())
                        .isEqualTo(spec.streams() && task != Task.EMBEDDINGS);
                assertThat(shown.path("parameters"))
                        .isNotEmpty()
                        .allSatisfy(parameter -> assertThat(
                                        parameter.path("treatment").asText())
                                .isIn("forward", "translate", "unsupported"));
            }
        }
        assertThat(providers).hasSameSizeAs(new Providers().specs());
    }

    @Test
    void a_translation_is_told_in_words() throws JsonProcessingException {
        JsonNode parameters = page().path("anthropic").path("llm/v1/chat").path("parameters");

        assertThat(parameters.path("stop").path("treatment").asText()).isEqualTo("translate");
        assertThat(parameters.path("stop").path("rule").asText()).isEqualTo("sent as stop_sequences");
        assertThat(parameters.path("seed").path("treatment").asText()).isEqualTo("unsupported");
        assertThat(page().path("mistral")
                        .path("llm/v1/chat")
                        .at("/other_parameters/treatment")
                        .asText())
                .isEqualTo("unsupported");
    }

    private static JsonNode page() throws JsonProcessingException {
        HttpResponse<String> answer = GATEWAY.get("/api/gateway/capabilities");
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).path("providers");
    }
}
