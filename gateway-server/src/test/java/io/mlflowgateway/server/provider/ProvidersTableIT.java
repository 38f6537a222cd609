package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.ProviderContract.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.SseFixture;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every provider that {@link ProvidersIT} does not show, over real sockets and configured as an operator does: the files of
 * its contract go out and come back, whole and as a stream.
 */
class ProvidersTableIT {
    private static final String SSE = "text/event-stream";

    /**
     * One task of a provider.
     *
     * @param folder where its files are
     * @param model what stands in {@code model:}; {@code ROOT} is where the upstream is
     * @param path of a whole call; {@code *} for what differs in that of a stream
     * @param stream the file of a stream; empty where there is none
     */
    private record Row(String folder, String model, Task task, String path, String stream) {
        private String route() {
            String endpoint = "endpoints:\n  - {name: r, endpoint_type: llm/v1/%s, model: {%s}}\n";
            return endpoint.formatted(task.name().toLowerCase(Locale.ROOT), model);
        }

        private String fixture(String ending) {
            return SseFixture.text(
                    "/provider/" + folder + "/" + task.name().toLowerCase(Locale.ROOT) + "-" + ending + ".json");
        }

        private String call(boolean streams) {
            ObjectNode body = (ObjectNode) json(fixture("request"));
            body.put("model", "r");
            if (streams) {
                body.put("stream", true);
            }
            return body.toString();
        }

        private String surface() {
            return switch (task) {
                case CHAT -> "/v1/chat/completions";
                case COMPLETIONS -> "/v1/completions";
                case EMBEDDINGS -> "/v1/embeddings";
            };
        }

        private String path(boolean streams) {
            return path.replace("*", streams ? "_stream" : "");
        }

        @Override
        public String toString() {
            return folder + " " + task;
        }
    }

    private static Row row(String folder, Task task, String path, String stream, String model) {
        return new Row(folder, model, task, path, stream);
    }

    private static Stream<Row> openAiLike(
            String folder, String chat, String completions, String vectors, String model) {
        Stream<Row> text = Stream.of(
                row(folder, Task.CHAT, chat, "chat.sse", model), row(folder, Task.COMPLETIONS, completions, "", model));
        Stream<Row> embeddings =
                vectors.isEmpty() ? Stream.of() : Stream.of(row(folder, Task.EMBEDDINGS, vectors, "", model));
        return Stream.concat(text, embeddings);
    }

    private static Stream<Row> openAiLike(String folder, String prefix, String model) {
        return openAiLike(folder, prefix + "/chat/completions", prefix + "/completions", prefix + "/embeddings", model);
    }

    private static Stream<Row> rows() {
        String palm =
                "provider: palm, name: chat-bison-001, config: {palm_api_key: k-1234567, palm_api_base: ROOT/v1beta3}";
        String palmPath = "/v1beta3/models/chat-bison-001:";
        String mosaic = "provider: mosaicml, name: llama2-70b-chat, config: {mosaicml_api_key: k-1234567,"
                + " mosaicml_api_base: ROOT}";
        String predict = "/llama2-70b-chat/v1/predict";
        String tgi = "provider: huggingface-text-generation-inference, name: gpt-fake, config: {hf_server_url: ROOT";
        String cohere = "provider: cohere, name: command-r, config: {cohere_api_key: k-1234567, cohere_api_base: ROOT,"
                + " cohere_api_version: v1}";
        String served = "provider: mlflow-model-serving, name: own, config: {model_server_url: ROOT}";
        String azure = "/openai/deployments/d%s?api-version=v1";
        String databricks = "/serving-endpoints/gpt-fake/invocations";
        return Stream.of(
                        openAiLike(
                                "mistral",
                                "/v1/chat/completions",
                                "/v1/chat/completions",
                                "/v1/embeddings",
                                "provider: mistral, name: gpt-fake, config: {mistral_api_key: k-1234567,"
                                        + " mistral_api_base: ROOT/v1}"),
                        openAiLike(
                                "togetherai",
                                "/v1",
                                "provider: togetherai, name: gpt-fake, config: {togetherai_api_key: k-1234567,"
                                        + " togetherai_api_base: ROOT/v1}"),
                        openAiLike("ollama", "/v1", "provider: ollama, name: gpt-fake, config: {api_base: ROOT/v1}"),
                        openAiLike(
                                "openai-compatible",
                                "/v1",
                                "provider: openai-compatible, name: gpt-fake, config: {api_base: ROOT/v1}"),
                        openAiLike(
                                "databricks",
                                databricks,
                                databricks,
                                databricks,
                                "provider: databricks, name: gpt-fake, config: {host: ROOT, token: k-1234567}"),
                        openAiLike(
                                "ai21labs",
                                "/studio/v1/chat/completions",
                                "/studio/v1/chat/completions",
                                "",
                                "provider: ai21labs, name: gpt-fake, config: {ai21labs_api_key: k-1234567,"
                                        + " ai21labs_api_base: ROOT/studio/v1}"),
                        openAiLike(
                                "huggingface-text-generation-inference", "/v1", tgi + ", hf_completions_api: openai}"),
                        openAiLike(
                                        "openai",
                                        azure.formatted("/chat/completions"),
                                        azure.formatted("/completions"),
                                        azure.formatted("/embeddings"),
                                        "provider: openai, name: gpt-fake, config: {openai_api_key: k-1234567,"
                                                + " openai_api_type: azure, openai_api_base: ROOT,"
                                                + " openai_api_version: v1, openai_deployment_name: d}")
                                .map(row -> row.stream().isEmpty()
                                        ? row
                                        : row(row.folder(), row.task(), row.path(), "azure-chat.sse", row.model())),
                        Stream.of(
                                row("tgi", Task.COMPLETIONS, "/generate*", "completions.sse", tgi + "}"),
                                row("tgi", Task.EMBEDDINGS, "/embed", "", tgi + ", hf_embeddings_api: embed}"),
                                row("cohere-v1", Task.CHAT, "/v1/chat", "chat.ndjson", cohere),
                                row("cohere-v1", Task.COMPLETIONS, "/v1/generate", "completions.ndjson", cohere),
                                row(
                                        "cohere-v1",
                                        Task.EMBEDDINGS,
                                        "/v1/embed",
                                        "",
                                        cohere.replace("v1}", "v1, cohere_input_type: clustering}")),
                                row("palm", Task.CHAT, palmPath + "generateMessage", "", palm),
                                row("palm", Task.COMPLETIONS, palmPath + "generateText", "", palm),
                                row("palm", Task.EMBEDDINGS, palmPath + "batchEmbedText", "", palm),
                                row("mosaicml", Task.CHAT, predict, "", mosaic),
                                row("mosaicml", Task.COMPLETIONS, predict, "", mosaic),
                                row("mosaicml", Task.EMBEDDINGS, predict, "", mosaic),
                                row("mlflow-model-serving", Task.CHAT, "/invocations", "", served),
                                row("mlflow-model-serving", Task.COMPLETIONS, "/invocations", "", served),
                                row("mlflow-model-serving", Task.EMBEDDINGS, "/invocations", "", served)))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> streams() {
        return rows().filter(row -> !row.stream().isEmpty());
    }

    private static Stream<Row> withoutStreams() {
        return rows().filter(row ->
                        List.of("palm", "mosaicml", "mlflow-model-serving").contains(row.folder()))
                .filter(row -> row.task() != Task.EMBEDDINGS);
    }

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    private ScriptedUpstream answering(String type, String body) {
        return new ScriptedUpstream(exchange -> {
            asked.add(exchange.head().split(" ")[1]);
            bodies.add(exchange.body());
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
        });
    }

    private static TestGateway gateway(Row row, ScriptedUpstream upstream) {
        return TestGateway.with(row.route().replace("ROOT", "http://127.0.0.1:" + upstream.port()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_call_goes_out_and_comes_back_as_the_files_say(Row row) {
        try (ScriptedUpstream upstream = answering("application/json", row.fixture("response"));
                TestGateway gateway = gateway(row, upstream)) {

            HttpResponse<String> answer = gateway.post(row.surface(), row.call(false));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(asked).containsExactly(row.path(false));
            ObjectNode expected = (ObjectNode) json(row.fixture("upstream"));
            if (row.path().startsWith("/openai/deployments")) {
                expected.remove("model");
            }
            assertThat(json(bodies.get(0))).isEqualTo(expected);
            JsonNode items = json(answer.body()).path(row.task() == Task.EMBEDDINGS ? "data" : "choices");
            assertThat(items).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void a_stream_arrives_whole_and_says_something(Row row) {
        String type = row.stream().endsWith(".sse") ? SSE : "application/stream+json";
        String events = SseFixture.text("/provider/" + row.folder() + "/" + row.stream());
        try (ScriptedUpstream upstream = answering(type, events);
                TestGateway gateway = gateway(row, upstream)) {

            HttpResponse<String> answer =
                    gateway.post(row.surface(), row.call(true).replace("\"n\":2", "\"n\":" + choices(row)));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(asked).containsExactly(row.path(true));
            assertThat(answer.body()).endsWith("data: [DONE]\n\n").contains("\"finish_reason\":\"");
            assertThat(said(answer.body())).isNotBlank();
        }
    }

    /** Most files hold a stream of one choice, whatever the call beside them asks for. */
    private static int choices(Row row) {
        return row.folder().equals("cohere-v1") ? 2 : 1;
    }

    private static String said(String stream) {
        StringBuilder text = new StringBuilder();
        Stream.of(stream.split("\n\n"))
                .map(event -> event.substring("data: ".length()))
                .filter(data -> !data.equals("[DONE]"))
                .map(data -> json(data).at("/choices/0"))
                .forEach(choice -> text.append(choice.path("text").asText(""))
                        .append(choice.at("/delta/content").asText("")));
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("withoutStreams")
    void a_stream_that_the_wire_does_not_have_is_not_implemented(Row row) {
        try (ScriptedUpstream upstream = answering("application/json", "{}");
                TestGateway gateway = gateway(row, upstream)) {

            HttpResponse<String> answer = gateway.post(row.surface(), row.call(true));

            assertThat(answer.statusCode()).isEqualTo(501);
            assertThat(asked).isEmpty();
        }
    }
}
