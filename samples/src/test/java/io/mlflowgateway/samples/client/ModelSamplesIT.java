package io.mlflowgateway.samples.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.samples.CancelStream;
import io.mlflowgateway.samples.ChatParameters;
import io.mlflowgateway.samples.CountTokens;
import io.mlflowgateway.samples.EmbedMany;
import io.mlflowgateway.samples.FallbackModels;
import io.mlflowgateway.samples.FromOpenAi;
import io.mlflowgateway.samples.LookAtPicture;
import io.mlflowgateway.samples.StreamToHandler;
import io.mlflowgateway.samples.StructuredAnswer;
import io.mlflowgateway.samples.WithoutBlocking;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples that the pages of the client show, through the gateway's jar: one gateway echoes, one has a provider. */
class ModelSamplesIT {
    private static final Path JAR = Path.of("..", "gateway-server", "target", "gateway-server.jar");
    private static final Children CHILDREN = new Children(Optional.empty());

    @TempDir
    static Path folder;

    private static ScriptedProvider provider;
    private static String echo;
    private static String scripted;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void start() throws IOException {
        provider = new ScriptedProvider();
        echo = gateway("echo", """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: echo-one}
                  - name: embeddings
                    endpoint_type: llm/v1/embeddings
                    model: {provider: echo, name: echo-one}
                """);
        scripted = gateway("scripted", """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: some-model
                      config: {openai_api_key: not-needed, openai_api_base: '%s'}
                """.formatted(provider.base()));
    }

    private static String gateway(String name, String yaml) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), yaml);
        return GatewayProcess.start(CHILDREN, JAR, config, folder.resolve(name + ".log"))
                .url();
    }

    @AfterAll
    static void stop() throws IOException {
        CHILDREN.close();
        if (provider != null) {
            provider.close();
        }
    }

    @Test
    void parameters_of_a_request_reach_the_provider_and_facts_of_the_answer_come_back() {
        provider.answer((body, wire) -> wire.says("Goethe"));

        ChatResponse response = ChatParameters.run(scripted, out);

        assertThat(response.aiMessage().text()).isEqualTo("Goethe");
        assertThat(provider.requests()).singleElement().satisfies(body -> {
            assertThat(body.path("seed").asInt()).isEqualTo(7);
            assertThat(body.path("max_tokens").asInt()).isEqualTo(200);
        });
        assertThat(text()).contains("chat asked m of openai, attempts 1, request ", ", tokens 5, cost null");
    }

    @Test
    void an_answer_that_follows_a_schema_becomes_a_record() {
        provider.answer((body, wire) -> wire.says("{\"title\":\"Faust\",\"author\":\"Goethe\",\"year\":1808}"));

        String title = StructuredAnswer.run(scripted, out);

        assertThat(title).isEqualTo("Faust");
        assertThat(provider.requests()).singleElement().satisfies(body -> {
            assertThat(body.at("/response_format/type").asText()).isEqualTo("json_schema");
            assertThat(body.at("/response_format/json_schema/strict").asBoolean())
                    .isTrue();
        });
    }

    @Test
    void a_picture_goes_along_with_its_question() {
        provider.answer((body, wire) -> wire.says("A dot."));

        String answer = LookAtPicture.run(scripted, out);

        assertThat(answer).isEqualTo("A dot.");
        assertThat(provider.requests())
                .singleElement()
                .extracting(
                        body -> body.at("/messages/0/content/1/image_url/url").asText())
                .asString()
                .startsWith("data:image/png;base64,iVBOR");
    }

    @Test
    void a_listener_counts_the_tokens_of_every_call() {
        long tokens = CountTokens.run(echo, out);

        assertThat(tokens).isEqualTo(3 + 4 + 2 + 3);
    }

    @Test
    void a_handler_is_told_pieces_and_then_the_whole() {
        ChatResponse response = StreamToHandler.run(echo, out);

        assertThat(response.aiMessage().text()).isEqualTo("echo: Who wrote Faust?");
        assertThat(text()).isEqualToIgnoringNewLines("echo: Who wrote Faust?");
    }

    @Test
    void a_reader_that_has_enough_ends_the_stream() {
        String read = CancelStream.run(echo, out);

        assertThat(read).startsWith("echo: one").hasSizeBetween(10, 20);
    }

    @Test
    void many_texts_become_vectors_in_their_order_and_a_query_has_its_own_length() {
        List<Embedding> vectors = EmbedMany.run(echo, out);

        assertThat(vectors).hasSize(251);
        assertThat(vectors.get(250).dimension()).isEqualTo(128);
        assertThat(vectors.get(0).dimension()).isEqualTo(64);
    }

    @Test
    void answers_come_without_a_thread_that_waits() {
        List<String> answers = WithoutBlocking.run(echo, out);

        assertThat(answers)
                .containsExactly(
                        "echo: Who wrote Faust?\necho: And when?",
                        "echo: Who wrote Faust?",
                        "echo: one two",
                        "echo: Who?");
    }

    @Test
    void another_member_answers_and_a_pool_shares_by_weight() {
        List<String> who = FallbackModels.run(echo, out);

        assertThat(who.get(0)).isEqualTo("second after [first: GatewayModelNotFoundException]");
        assertThat(who.subList(1, 5))
                .containsOnly("large after []", "small after []")
                .filteredOn("large after []"::equals)
                .hasSize(3);
    }

    @Test
    void a_model_written_for_openai_asks_a_route_on_either_surface() {
        String answers = FromOpenAi.run(echo, out);

        assertThat(answers).isEqualTo("echo: Who wrote Faust? echo: And when?");
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
