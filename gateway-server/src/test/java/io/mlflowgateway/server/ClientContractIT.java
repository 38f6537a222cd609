package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.ScriptedUpstream.Exchange;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The LangChain4j module's own fixtures: what it writes is taken and reaches the provider, what it reads is what is
 * answered. There are no classes that both sides share, only these files.
 */
class ClientContractIT {
    private static final Path FIXTURES =
            Path.of("..", "langchain4j-mlflow-gateway", "src", "test", "resources", "fixtures");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private volatile String answer = "";
    private ScriptedUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        upstream = new ScriptedUpstream(this::script);
        StringBuilder yaml = new StringBuilder("routes:\n");
        for (String task : List.of("chat", "completions", "embeddings")) {
            yaml.append(route("classic-" + task, "route_type", task, ""));
        }
        yaml.append("endpoints:\n");
        for (String task : List.of("chat", "completions", "embeddings")) {
            yaml.append(route(task, "endpoint_type", task, ""));
        }
        yaml.append(route("limited", "endpoint_type", "chat", ", limit: {calls: 3, renewal_period: minute}"));
        gateway = TestGateway.with(yaml.toString());
    }

    private String route(String name, String typeKey, String task, String more) {
        return "  - {name: %s, %s: llm/v1/%s, model: {provider: openai, name: gpt-x, config: {openai_api_key: k, openai_api_base: '%s'}}%s}\n"
                .formatted(name, typeKey, task, upstream.base(), more);
    }

    private void script(Exchange exchange) throws IOException {
        sent.add(exchange.body());
        if (answer.startsWith("data:")) {
            exchange.beginStream().part(answer).send("0\r\n\r\n");
        } else {
            exchange.json(answer);
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "chat, chat-request.json, chat-response.json",
        "chat, chat-request-tools.json, chat-response-tools.json",
        "completions, completions-request.json, completions-response.json",
        "embeddings, embeddings-request.json, embeddings-response.json"
    })
    void a_request_of_the_client_reaches_the_provider_and_its_answer_the_client(
            String route, String request, String response) throws IOException {
        answer = fixture(response);

        HttpResponse<String> answered = gateway.post("/endpoints/" + route + "/invocations", fixture(request));

        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
        assertThat(json(answered.body())).isEqualTo(json(fixture(response)));
        assertThat(withoutModel()).isEqualTo(json(fixture(request)));
    }

    @ParameterizedTest
    @CsvSource({
        "chat, chat-request.json, chat.sse",
        "chat, chat-request-tools.json, chat-tools.sse",
        "completions, completions-request.json, completions.sse"
    })
    void a_streamed_request_of_the_client_is_answered_with_the_events_it_reads(
            String route, String request, String stream) throws IOException {
        answer = fixture(stream);
        ObjectNode body = (ObjectNode) json(fixture(request));
        body.put("stream", true).putObject("stream_options").put("include_usage", true);

        HttpResponse<String> answered = gateway.post("/endpoints/" + route + "/invocations", body.toString());

        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
        assertThat(answered.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        // What a provider does not count the gateway guesses: in a chunk of its own.
        List<String> events = TestGateway.events(answered).stream()
                .filter(event -> answer.contains("\"usage\"") || !event.contains("\"usage\""))
                .toList();
        assertThat(readByTheClient(events))
                .isEqualTo(readByTheClient(answer.lines()
                        .filter(line -> !line.isEmpty())
                        .map(line -> line.substring(6))
                        .toList()));
        assertThat(withoutModel()).isEqualTo(body);
    }

    @Test
    void a_classic_chat_of_the_client_is_answered_in_its_shape() throws IOException {
        answer = fixture("chat-response.json");
        ObjectNode request = (ObjectNode) json(fixture("classic-chat-request.json"));

        HttpResponse<String> answered = gateway.post("/gateway/classic-chat/invocations", request.toString());

        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
        assertThat(json(answered.body())).isEqualTo(json(fixture("classic-chat-response.json")));
        // Under the provider's names, and counted from 0 to 2.
        request.put("temperature", 0.4).set("n", request.remove("candidate_count"));
        assertThat(withoutModel()).isEqualTo(request);
    }

    @Test
    void a_classic_completion_is_answered_in_the_shape_the_client_reads() throws IOException {
        answer = "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"gpt-x-2026\","
                + "\"choices\":[{\"index\":0,\"text\":\"there was a king.\",\"finish_reason\":\"length\"}]}";

        HttpResponse<String> answered =
                gateway.post("/gateway/classic-completions/invocations", "{\"prompt\":\"Once upon a time\"}");

        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
        ObjectNode seen = (ObjectNode) json(answered.body());
        // What the provider did not count is a guess.
        ObjectNode counts = (ObjectNode) seen.path("metadata");
        assertThat(counts.path("total_tokens").asInt()).isPositive();
        List.of("input_tokens", "output_tokens", "total_tokens").forEach(counts::putNull);
        assertThat(seen).isEqualTo(json(fixture("classic-completions-response.json")));
    }

    @Test
    void classic_texts_of_the_client_are_answered_with_vectors_in_its_shape() throws IOException {
        answer = fixture("embeddings-response.json").replace("\"AACAPgAAAL8=\"", "[0.25, -0.5]");

        HttpResponse<String> answered =
                gateway.post("/gateway/classic-embeddings/invocations", fixture("classic-embeddings-request.json"));

        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
        assertThat(json(answered.body())).isEqualTo(json(fixture("classic-embeddings-response.json")));
        assertThat(withoutModel().path("input"))
                .isEqualTo(json(fixture("classic-embeddings-request.json")).path("text"));
    }

    @Test
    void routes_and_endpoints_are_listed_as_the_client_reads_them() throws IOException {
        JsonNode endpoint = json(fixture("endpoints.json")).at("/endpoints/0");
        ObjectNode route = json(fixture("routes.json")).at("/routes/0").deepCopy();
        route.put("name", "limited").put("route_url", "/gateway/limited/invocations");

        JsonNode endpoints = json(gateway.get("/api/2.0/endpoints/").body());
        JsonNode routes = json(gateway.get("/api/2.0/gateway/routes/").body());

        assertThat(endpoints.path("endpoints")).contains(endpoint);
        assertThat(json(gateway.get("/api/2.0/endpoints/chat").body())).isEqualTo(endpoint);
        assertThat(routes.path("routes")).contains(route);
        assertThat(endpoints.path("next_page_token").isNull()).isTrue();
        assertThat(routes.path("next_page_token").isNull()).isTrue();
    }

    @Test
    void refusals_are_written_as_the_client_reads_them() throws IOException {
        answer = fixture("chat-response.json");
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        for (int call = 0; call < 3; call++) {
            assertThat(gateway.post("/endpoints/limited/invocations", chat).statusCode())
                    .isEqualTo(200);
        }

        HttpResponse<String> missing = gateway.post("/endpoints/nowhere/invocations", chat);
        HttpResponse<String> invalid =
                gateway.post("/endpoints/chat/invocations", chat.replace("{\"m", "{\"temperature\":9,\"m"));
        HttpResponse<String> limited = gateway.post("/endpoints/limited/invocations", chat);

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(json(missing.body()).path("detail").isTextual()).isTrue();
        assertThat(invalid.statusCode()).isEqualTo(422);
        assertThat(json(invalid.body()).at("/detail/0/loc"))
                .isEqualTo(json(fixture("error-422.json")).at("/detail/0/loc"));
        assertThat(json(invalid.body()).at("/detail/0/msg"))
                .isEqualTo(json(fixture("error-422.json")).at("/detail/0/msg"));
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(json(limited.body()).path("error"))
                .isEqualTo(json(fixture("error-429.json")).path("error"));
    }

    /** Names, choices and usage of every event; a text of null, as MLflow ends completions, and an empty one are the same. */
    private static List<Object> readByTheClient(List<String> events) throws IOException {
        List<Object> read = new ArrayList<>();
        for (String event : events) {
            if (event.equals("[DONE]")) {
                read.add(event);
            } else {
                JsonNode chunk = json(event);
                assertThat(chunk.path("choices").isArray()).as(event).isTrue();
                ((ObjectNode) chunk).retain("id", "model", "choices", "usage");
                for (JsonNode choice : chunk.path("choices")) {
                    if (choice.path("text").isNull()) {
                        ((ObjectNode) choice).put("text", "");
                    }
                }
                read.add(chunk);
            }
        }
        return read;
    }

    /** What the provider was sent, without the model that only the gateway knows. */
    private JsonNode withoutModel() throws IOException {
        assertThat(sent).hasSize(1);
        ObjectNode body = (ObjectNode) json(sent.remove());
        assertThat(body.remove("model").asText()).isEqualTo("gpt-x");
        return body;
    }

    private static String fixture(String name) throws IOException {
        return Files.readString(FIXTURES.resolve(name));
    }

    private static JsonNode json(String text) throws IOException {
        return MAPPER.readTree(text);
    }
}
