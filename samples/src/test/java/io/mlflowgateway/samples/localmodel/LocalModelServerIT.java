package io.mlflowgateway.samples.localmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalModelServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<LocalModelServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(LocalModelServer::close);
    }

    private LocalModelServer serve(TextModel... text) throws IOException {
        LocalModelServer server = LocalModelServer.start(
                0, new FakeEmbeddings(), text.length == 0 ? Optional.empty() : Optional.of(text[0]));
        servers.add(server);
        return server;
    }

    private HttpResponse<String> post(LocalModelServer server, String path, String body) throws Exception {
        return client.send(request(server, path, body), BodyHandlers.ofString());
    }

    private static HttpRequest request(LocalModelServer server, String path, String body) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private JsonNode answer(LocalModelServer server, String path, String body) throws Exception {
        HttpResponse<String> response = post(server, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    @Test
    void embeddings_come_in_the_order_of_the_texts_with_their_tokens_counted() throws Exception {
        LocalModelServer server = serve();

        JsonNode answer =
                answer(server, "/v1/embeddings", "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"a\",\"bcd\"]}");

        assertThat(answer.at("/data/0/embedding").toString()).isEqualTo("[1.0,-1.0]");
        assertThat(answer.at("/data/1/embedding").toString()).isEqualTo("[3.0,-3.0]");
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
    }

    @Test
    void base64_embeddings_are_little_endian_floats() throws Exception {
        LocalModelServer server = serve();

        JsonNode answer = answer(
                server,
                "/v1/embeddings",
                "{\"model\":\"all-minilm-l6-v2\",\"input\":\"four\",\"encoding_format\":\"base64\"}");

        byte[] bytes = Base64.getDecoder().decode(answer.at("/data/0/embedding").asText());
        ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats.getFloat()).isEqualTo(4f);
        assertThat(floats.getFloat()).isEqualTo(-4f);
        assertThat(floats.hasRemaining()).isFalse();
    }

    @Test
    void a_request_that_cannot_be_embedded_is_refused_with_the_member_named() throws Exception {
        LocalModelServer server = serve();

        for (String input : List.of("[]", "[1,2]", "\" \"", "null", "{}")) {
            HttpResponse<String> refused =
                    post(server, "/v1/embeddings", "{\"model\":\"all-minilm-l6-v2\",\"input\":" + input + "}");

            assertThat(refused.statusCode()).as(input).isEqualTo(400);
            assertThat(refused.body()).contains("'input'");
        }
    }

    @Test
    void a_chat_is_asked_as_a_question_and_answered_without_the_leading_blank() throws Exception {
        FakeTextModel model = FakeTextModel.saying(" It is", " Paris.");
        LocalModelServer server = serve(model);

        JsonNode answer = answer(
                server,
                "/v1/chat/completions",
                "{\"model\":\"fake\",\"messages\":[{\"role\":\"user\",\"content\":\"Capital of France?\"}]}");

        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("It is Paris.");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(2);
        assertThat(model.asked.prompt()).endsWith("Question: Capital of France?\nAnswer:");
        assertThat(model.asked.stops()).containsAll(QaPrompt.STOPS);
    }

    @Test
    void parameters_reach_the_model_and_a_cut_answer_says_so() throws Exception {
        FakeTextModel model = FakeTextModel.saying("one", "two", "three");
        LocalModelServer server = serve(model);

        JsonNode answer = answer(
                server,
                "/v1/completions",
                "{\"model\":\"fake\",\"prompt\":\"count\",\"max_tokens\":2,\"temperature\":0.5,\"stop\":\"four\"}");

        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("onetwo");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(model.asked).isEqualTo(new TextModel.Continuation("count", 2, 0.5, 1, List.of("four")));
    }

    @Test
    void a_streamed_chat_is_a_role_pieces_a_reason_usage_and_done() throws Exception {
        LocalModelServer server = serve(FakeTextModel.saying(" Grüße", " 🙂"));

        HttpResponse<String> response = post(
                server,
                "/v1/chat/completions",
                "{\"model\":\"fake\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}");

        List<String> events =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(events).hasSize(5).allMatch(event -> event.startsWith("data: "));
        assertThat(events.get(0)).contains("{\"role\":\"assistant\",\"content\":\"Grüße\"}");
        assertThat(events.get(1)).contains("{\"content\":\" 🙂\"}");
        assertThat(events.get(2)).contains("\"finish_reason\":\"stop\"");
        assertThat(events.get(3)).contains("\"choices\":[]").contains("\"completion_tokens\":2");
        assertThat(events.get(4)).isEqualTo("data: [DONE]");
    }

    @Test
    void a_stream_whose_model_fails_half_way_does_not_look_complete() throws Exception {
        LocalModelServer server = serve(FakeTextModel.saying("half", "crash"));
        HttpRequest request =
                request(server, "/v1/completions", "{\"model\":\"fake\",\"prompt\":\"go\",\"stream\":true}");

        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());

        assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    }

    @Test
    void a_caller_who_leaves_ends_the_generation() throws Exception {
        FakeTextModel model = FakeTextModel.neverEnding("more ");
        LocalModelServer server = serve(model);
        HttpRequest request =
                request(server, "/v1/completions", "{\"model\":\"fake\",\"prompt\":\"go\",\"stream\":true}");

        try (InputStream body =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat(body.read()).isEqualTo('d');
        }

        assertThat(model.left.await(20, TimeUnit.SECONDS))
                .as("the model was told to stop")
                .isTrue();
    }

    @Test
    void a_model_that_fails_is_answered_with_500_and_without_its_words() throws Exception {
        LocalModelServer server = serve(FakeTextModel.saying("crash"));

        HttpResponse<String> failed = post(server, "/v1/completions", "{\"model\":\"fake\",\"prompt\":\"go\"}");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).doesNotContain("the model crashed");
    }

    @Test
    void what_is_asked_wrongly_is_refused_with_the_fitting_status() throws Exception {
        LocalModelServer server = serve(FakeTextModel.saying("x"));
        String longPrompt = "word ".repeat(300);

        assertThat(post(server, "/v1/completions", "no json").statusCode()).isEqualTo(400);
        assertThat(post(server, "/v1/completions", "[]").statusCode()).isEqualTo(400);
        assertThat(post(server, "/v1/completions", "{\"model\":\"other\",\"prompt\":\"x\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post(server, "/v1/completions", "{\"model\":\"fake\"}").statusCode())
                .isEqualTo(400);
        assertThat(post(server, "/v1/completions", "{\"model\":\"fake\",\"prompt\":\"x\",\"n\":2}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(server, "/v1/completions", "{\"model\":\"fake\",\"prompt\":\"x\",\"temperature\":3}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(server, "/v1/completions", "{\"model\":\"fake\",\"prompt\":\"" + longPrompt + "\"}")
                        .body())
                .contains("context_length_exceeded");
        assertThat(post(server, "/v1/chat/completions", "{\"model\":\"fake\",\"messages\":[]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(server, "/v1/models", "{}").statusCode()).isEqualTo(405);
        assertThat(post(server, "/v1/embeddings/x", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void a_body_over_the_limit_is_refused() throws Exception {
        LocalModelServer server = serve();

        HttpResponse<String> refused = post(server, "/v1/embeddings", " ".repeat(Exchange.BODY_LIMIT_BYTES + 1));

        assertThat(refused.statusCode()).isEqualTo(413);
    }

    @Test
    void text_paths_are_unknown_where_there_is_no_text_model() throws Exception {
        LocalModelServer server = serve();

        HttpResponse<String> chat = post(server, "/v1/chat/completions", "{}");
        HttpResponse<String> models = client.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/v1/models")).build(), BodyHandlers.ofString());

        assertThat(chat.statusCode()).isEqualTo(404);
        assertThat(models.body()).contains("all-minilm-l6-v2").doesNotContain("fake");
    }
}
