package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.failure.GatewayAnswerException;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Language and embedding models, the catalog and the client. */
class ModelsIT {

    @Test
    void a_prompt_is_completed_in_the_shape_of_the_contract() throws Exception {
        try (StubGateway gateway = answering("completions-response.json")) {
            Response<String> response = MlflowGatewayLanguageModel.builder()
                    .baseUrl(gateway.url())
                    .route("completions")
                    .temperature(0.5)
                    .maxOutputTokens(16)
                    .stop(List.of("\n"))
                    .seed(3)
                    .build()
                    .generate("Once upon a time");

            assertThat(response.content()).isEqualTo("there was a king.");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage()).isEqualTo(new MlflowGatewayTokenUsage(4, 5, 9, null, null));
            assertThat(Fixtures.parse(gateway.calls().get(0).body()))
                    .isEqualTo(Fixtures.json("completions-request.json"));
        }
    }

    @Test
    void a_completion_in_the_shape_of_a_chat_is_understood() throws Exception {
        try (StubGateway gateway = answering("chat-response.json")) {
            assertThat(MlflowGatewayLanguageModel.builder()
                            .baseUrl(gateway.url())
                            .route("completions")
                            .build()
                            .generate("Who?")
                            .content())
                    .isEqualTo("Goethe.");
        }
    }

    @Test
    void a_prompt_is_completed_piece_by_piece() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().chunk(Fixtures.text("completions.sse")).end())) {
            Told told = new Told();

            streaming(gateway).generate("Once upon a time", told);

            assertThat(StubGateway.soon(told.end).content()).isEqualTo("there was a king.");
            assertThat(told.said).containsExactly("there was ", "a king.");
            assertThat(told.end.get().tokenUsage()).isEqualTo(new MlflowGatewayTokenUsage(4, 5, 9, null, null));
            assertThat(gateway.calls().get(0).body()).contains("\"include_usage\":true");
        }
    }

    @Test
    void a_completion_cut_in_the_middle_is_an_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().event("{\"choices\":[{\"text\":\"there\"}]}").end())) {
            Told told = new Told();

            streaming(gateway).generate("Once upon a time", told);

            assertThatThrownBy(told.end::get).hasCauseInstanceOf(GatewayConnectionException.class);
            assertThat(told.said).containsExactly("there");
        }
    }

    @Test
    void texts_become_vectors_in_their_own_order() throws Exception {
        try (StubGateway gateway = answering("embeddings-response.json")) {
            MlflowGatewayEmbeddingModel model =
                    embedding(gateway).dimensions(2).user("reader-1").build();

            Response<List<Embedding>> response =
                    model.embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")));

            assertThat(response.content())
                    .containsExactly(Embedding.from(new float[] {0.25f, -0.5f}), Embedding.from(new float[] {1, 2}));
            assertThat(response.tokenUsage()).isEqualTo(new MlflowGatewayTokenUsage(2, null, 2, null, null));
            assertThat(Fixtures.parse(gateway.calls().get(0).body()))
                    .isEqualTo(Fixtures.json("embeddings-request.json"));
            assertThat(model.dimension()).isEqualTo(2);
            assertThat(model.modelName()).isEqualTo("embeddings");
        }
    }

    @Test
    void many_texts_are_split_and_put_together_again_with_their_usage() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            List<String> texts = StreamSupport.stream(
                            Fixtures.parse(request.body()).path("input").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
            // Backwards, as order on the wire means nothing.
            String items = IntStream.range(0, texts.size())
                    .map(place -> texts.size() - 1 - place)
                    .mapToObj(place -> "{\"index\":" + place + ",\"embedding\":[" + texts.get(place) + "]}")
                    .collect(Collectors.joining(","));
            wire.json(
                    200,
                    "{\"data\":[" + items + "],\"usage\":{\"prompt_tokens\":" + texts.size() + ",\"total_tokens\":"
                            + texts.size() + "}}");
        })) {
            List<TextSegment> texts = IntStream.range(0, 103)
                    .mapToObj(number -> TextSegment.from(String.valueOf(number)))
                    .toList();

            Response<List<Embedding>> response =
                    embedding(gateway).maxSegmentsPerBatch(10).build().embedAll(texts);

            assertThat(response.content().stream().map(vector -> (int) vector.vector()[0]))
                    .containsExactlyElementsOf(IntStream.range(0, 103).boxed().toList());
            assertThat(response.tokenUsage()).isEqualTo(new MlflowGatewayTokenUsage(103, null, 103, null, null));
            assertThat(gateway.calls()).hasSize(11);
        }
    }

    @Test
    void wrong_embeddings_are_refused() throws Exception {
        for (String data : List.of(
                "{\"data\":[]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[2]}]}",
                "{\"data\":[{\"index\":1,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[\"x\"]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"%%%\"}]}",
                "{\"embeddings\":[]}",
                "{}")) {
            try (StubGateway gateway = deployments((request, wire) -> wire.json(200, data))) {
                assertThatThrownBy(() -> embedding(gateway).build().embed("one"))
                        .as(data)
                        .isInstanceOf(GatewayAnswerException.class);
            }
        }
    }

    @Test
    void the_client_lists_describes_and_queries() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> {
                    switch (request.path()) {
                        case "/api/2.0/gateway/routes/" -> wire.json(200, Fixtures.text("routes.json"));
                        case "/api/2.0/endpoints/" -> wire.json(200, Fixtures.text("endpoints.json"));
                        case "/api/2.0/gateway/routes/chat" ->
                            wire.json(
                                    200,
                                    Fixtures.json("routes.json")
                                            .path("routes")
                                            .path(0)
                                            .toString());
                        case "/api/2.0/endpoints/a%2Fb" ->
                            wire.json(200, "{\"name\":\"a/b\",\"endpoint_type\":\"llm/v1/new\",\"extra\":1}");
                        case "/health" -> wire.json(200, "{\"status\":\"OK\"}");
                        default -> wire.json(200, "{\"echo\":" + request.body() + "}");
                    }
                });
                MlflowGatewayClient client = MlflowGatewayClient.builder()
                        .baseUrl(gateway.url() + "/")
                        .build()) {
            List<Route> routes = client.searchRoutes();

            assertThat(routes.stream().map(Route::name)).containsExactly("chat", "embeddings");
            assertThat(routes.get(0).routeUrl()).isEqualTo(gateway.url() + "/gateway/chat/invocations");
            assertThat(routes.get(0).limit()).contains(new RouteLimit(3, "minute", Optional.empty()));
            assertThat(routes.get(1).routeUrl()).isEqualTo("https://elsewhere.example/gateway/embeddings/invocations");
            assertThat(routes.get(1).limit()).isEmpty();
            assertThat(client.getRoute("chat").task()).isEqualTo(TaskType.CHAT);
            assertThat(client.listEndpoints().get(0).model()).isEqualTo(new RouteModel("gpt-x", "openai"));
            assertThat(client.getEndpoint("a/b").task()).isEqualTo(TaskType.OTHER);
            assertThat(client.health().ok()).isTrue();
            assertThat(client.query("chat", Map.of("a", 1))).isEqualTo(Map.of("echo", Map.of("a", 1)));
            assertThat(client.query("chat", "{\"b\": 2}")).isEqualTo("{\"echo\":{\"b\": 2}}");
        }
    }

    @Test
    void lists_are_followed_page_after_page() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> {
                    String path = request.path();
                    int number = path.contains("page_token=")
                            ? Integer.parseInt(path.substring(path.indexOf("t%3D") + 4))
                            : 0;
                    String next = number < 3 ? "\"t=" + (number + 1) + "\"" : "null";
                    wire.json(
                            200,
                            "{\"routes\":[{\"name\":\"r" + number
                                    + "\",\"route_type\":\"llm/v1/chat\"}],\"next_page_token\":" + next + "}");
                });
                MlflowGatewayClient client =
                        MlflowGatewayClient.builder().baseUrl(gateway.url()).build()) {
            assertThat(client.searchRoutes().stream().map(Route::name)).containsExactly("r0", "r1", "r2", "r3");
            assertThat(client.searchRoutes("t=2").nextPageToken()).contains("t=3");
        }
    }

    @Test
    void a_list_that_repeats_its_token_ends() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) ->
                        wire.json(200, "{\"routes\":[{\"name\":\"r\"}],\"next_page_token\":\"same\"}"));
                MlflowGatewayClient client =
                        MlflowGatewayClient.builder().baseUrl(gateway.url()).build()) {
            assertThat(client.searchRoutes()).hasSize(2);
        }
    }

    @Test
    void names_that_are_no_names_never_leave() throws Exception {
        try (StubGateway gateway = answering("chat-response.json");
                MlflowGatewayClient client =
                        MlflowGatewayClient.builder().baseUrl(gateway.url()).build()) {
            for (String name : List.of("", " ", ".", "..")) {
                assertThatThrownBy(() -> client.getRoute(name)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> client.query(name, "{}")).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(gateway.calls()).isEmpty();
        }
    }

    @Test
    void the_catalog_tells_what_each_route_does() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.json(200, Fixtures.text("routes.json")))) {
            List<ModelDescription> models = MlflowGatewayModelCatalog.builder()
                    .baseUrl(gateway.url())
                    .build()
                    .listModels();

            assertThat(models.stream().map(ModelDescription::name)).containsExactly("chat", "embeddings");
            assertThat(models.stream().map(ModelDescription::type))
                    .containsExactly(ModelType.CHAT, ModelType.EMBEDDING);
            assertThat(models.get(0).owner()).isEqualTo("openai");
        }
    }

    @Test
    void each_kind_of_route_has_its_kind_of_model_in_every_dialect() throws Exception {
        String routes = "{\"routes\":["
                + "{\"name\":\"a\",\"route_type\":\"llm/v1/chat\",\"model\":{\"name\":\"m\",\"provider\":\"openai\"}},"
                + "{\"name\":\"b\",\"route_type\":\"llm/v1/completions\"},"
                + "{\"name\":\"c\",\"route_type\":\"llm/v1/embeddings\"},"
                + "{\"name\":\"d\",\"route_type\":\"llm/v9/smell\"},"
                + "{\"name\":\"e\"}]}";
        for (MlflowGatewayDialect dialect : List.of(MlflowGatewayDialect.ROUTES, MlflowGatewayDialect.DEPLOYMENTS)) {
            try (StubGateway gateway = new StubGateway((request, wire) -> wire.json(200, routes))) {
                MlflowGatewayModelCatalog catalog = MlflowGatewayModelCatalog.builder()
                        .baseUrl(gateway.url())
                        .dialect(dialect)
                        .build();

                assertThat(catalog.listModels().stream().map(ModelDescription::type))
                        .containsExactly(
                                ModelType.CHAT, ModelType.OTHER, ModelType.EMBEDDING, ModelType.OTHER, ModelType.OTHER);
                assertThat(catalog.modelFlux()
                                .map(ModelDescription::name)
                                .collectList()
                                .toFuture()
                                .join())
                        .containsExactly("a", "b", "c", "d", "e");
            }
        }
    }

    private static StubGateway answering(String fixture) {
        return deployments((request, wire) -> wire.json(200, Fixtures.text(fixture)));
    }

    private static MlflowGatewayStreamingLanguageModel streaming(StubGateway gateway) {
        return MlflowGatewayStreamingLanguageModel.builder()
                .baseUrl(gateway.url())
                .route("completions")
                .build();
    }

    private static MlflowGatewayEmbeddingModel.MlflowGatewayEmbeddingModelBuilder embedding(StubGateway gateway) {
        return MlflowGatewayEmbeddingModel.builder().baseUrl(gateway.url()).route("embeddings");
    }

    private static final class Told implements StreamingResponseHandler<String> {

        final List<String> said = new CopyOnWriteArrayList<>();
        final CompletableFuture<Response<String>> end = new CompletableFuture<>();

        @Override
        public void onNext(String token) {
            said.add(token);
        }

        @Override
        public void onComplete(Response<String> response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }
}
