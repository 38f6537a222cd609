package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.AwsSettings;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bedrock's InvokeModel: completions in the form of each maker's models, and vectors. */
class BedrockInvokeTest {
    private static final Settings SETTINGS = new Settings(Map.of(AwsSettings.REGION, "us-east-1"), Map.of());
    private static final Map<String, String> COUNTS =
            Map.of("x-amzn-bedrock-input-token-count", "3", "x-amzn-bedrock-output-token-count", "2");

    private final BedrockProvider provider = new BedrockProvider();

    private static String file(String name) {
        try (InputStream in = BedrockInvokeTest.class.getResourceAsStream("/provider/bedrock/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Attempt attempt(String model) {
        return new Attempt(model, SETTINGS, ProviderContract.NOW);
    }

    private static Query completion(boolean streams) {
        return ProviderContract.query(Task.COMPLETIONS, file("completions-request.json"), streams);
    }

    private JsonNode sent(Query query, String model) {
        return ProviderContract.json(
                provider.encode(query, attempt(model)).body().toBytes());
    }

    private Reply.Whole decoded(Query query, String model, String file) {
        byte[] body = ProviderContract.utf8(file(file));
        return provider.decode(
                query,
                attempt(model),
                new UpstreamResponse.Whole(200, Optional.empty(), "application/json", body, COUNTS));
    }

    private Flux<Piece> read(String model, List<SseEvent> events) {
        return provider.decodeStream(completion(true), attempt(model), Flux.fromIterable(events));
    }

    private static List<SseEvent> events(String file) {
        return Stream.of(file(file).split("\n\n"))
                .filter(block -> !block.isBlank())
                .map(block -> TranslationContract.event(
                        "chunk", block.substring(block.indexOf("data: ") + 6).strip()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.titan-text-express-v1,titan,invoke",
        "anthropic.claude-3-5-sonnet-20241022-v2:0,completions,invoke",
        "anthropic.claude-v2:1,old,invoke",
        "cohere.command-text-v14,cohere,invoke",
        "ai21.j2-ultra-v1,j2,invoke",
        "meta.llama3-1-70b-instruct-v1:0,llama,converse",
        "ai21.jamba-1-5-large-v1:0,llama,converse"
    })
    void a_completion_is_asked_in_the_form_of_the_model(String model, String file, String method) {
        UpstreamRequest request = provider.encode(completion(false), attempt(model));

        assertThat(ProviderContract.json(request.body().toBytes()))
                .isEqualTo(ProviderContract.json(file(file + "-upstream.json")));
        assertThat(request.url()).endsWith("/" + method);
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.titan-text-express-v1,titan",
        "anthropic.claude-3-5-sonnet-20241022-v2:0,completions",
        "anthropic.claude-v2:1,old",
        "cohere.command-text-v14,cohere",
        "ai21.j2-ultra-v1,j2"
    })
    void an_answer_is_a_text_with_its_end_and_tokens(String model, String file) {
        Reply.Whole reply = decoded(completion(false), model, file + "-response.json");

        JsonNode choice = ProviderContract.json(reply.body().bytes()).at("/choices/0");
        assertThat(choice.path("text").asText().strip()).isEqualTo("Привет");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(reply.usage()).isEqualTo(new Usage(3, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.titan-text-express-v1,titan.sse",
        "anthropic.claude-3-5-sonnet-20241022-v2:0,completions.sse",
        "anthropic.claude-v2:1,old.sse",
        "cohere.command-text-v14,cohere.sse"
    })
    void a_stream_is_the_text_in_parts_and_complete_only_with_its_end(String model, String file) {
        List<SseEvent> events = events(file);

        List<Piece> pieces = Await.all(read(model, events));

        StringBuilder text = new StringBuilder();
        List<String> reasons = new ArrayList<>();
        for (Piece piece : pieces) {
            JsonNode choice = ProviderContract.json(piece.json()).at("/choices/0");
            text.append(choice.path("text").asText(""));
            if (choice.hasNonNull("finish_reason")) {
                reasons.add(choice.path("finish_reason").asText());
            }
        }
        assertThat(text.toString().strip()).isEqualTo("Привет");
        assertThat(reasons).containsExactly("stop");
        for (int count = 0; count < events.size(); count++) {
            Failure failure =
                    Await.failure(read(model, events.subList(0, count)).then());
            assertThat(failure.kind()).as("after %d", count).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.titan-text-express-v1,titan.sse",
        "anthropic.claude-3-5-sonnet-20241022-v2:0,completions.sse",
        "cohere.command-text-v14,cohere.sse"
    })
    void the_last_chunk_tells_the_tokens(String model, String file) {
        List<Piece> pieces = Await.all(read(model, events(file)));

        assertThat(pieces.get(pieces.size() - 1).usage()).contains(new Usage(3, 2));
    }

    @Test
    void streams_are_asked_for_by_the_path() {
        UpstreamRequest titan = provider.encode(completion(true), attempt("amazon.titan-text-lite-v1"));
        UpstreamRequest llama = provider.encode(completion(true), attempt("meta.llama3-8b-instruct-v1:0"));

        assertThat(titan.url()).endsWith("/invoke-with-response-stream");
        assertThat(llama.url()).endsWith("/converse-stream");
        assertThat(ProviderContract.json(titan.body().toBytes()).has("stream")).isFalse();
    }

    @Test
    void a_model_without_streams_is_not_asked_for_one() {
        Failure failure = ProviderContract.failureOf(() -> sent(completion(true), "ai21.j2-mid-v1"));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @ParameterizedTest
    @CsvSource({"exception:throttlingException,{},429", "chunk,{\"bytes\":\"?\"},502", "chunk,{\"bytes\":\"e30\"},0"})
    void a_broken_chunk_is_a_failure(String name, String data, int status) {
        List<SseEvent> events = List.of(TranslationContract.event(name, data));

        Failure failure =
                Await.failure(read("amazon.titan-text-express-v1", events).then());

        assertThat(failure.status()).isEqualTo(status == 0 ? 502 : status);
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.titan-embed-text-v1,'{\"inputText\":\"hi\"}'",
        "amazon.titan-embed-text-v2:0,'{\"inputText\":\"hi\",\"dimensions\":256}'",
        "cohere.embed-multilingual-v3,'{\"texts\":[\"hi\"],\"input_type\":\"search_document\",\"embedding_types\":[\"float\"],"
                + "\"output_dimension\":256}'"
    })
    void texts_go_in_the_form_of_the_model(String model, String body) {
        Query query = ProviderContract.query(Task.EMBEDDINGS, "{\"input\":\"hi\",\"dimensions\":256}", false);

        assertThat(sent(query, model)).isEqualTo(ProviderContract.json(body));
    }

    @Test
    void coheres_vectors_come_by_type_or_without_one() {
        Query query = ProviderContract.query(Task.EMBEDDINGS, file("cohere-embed-request.json"), false);
        String plain = file("cohere-embed-response.json")
                .replaceFirst("\"float\": ", "")
                .replaceFirst("\"embeddings\": \\{", "\"embeddings\": ")
                .replaceFirst("]\\s*]\\s*}", "]]");

        Reply.Whole typed = decoded(query, "cohere.embed-v4:0", "cohere-embed-response.json");
        Reply.Whole untyped = provider.decode(
                query,
                attempt("cohere.embed-english-v3"),
                new UpstreamResponse.Whole(200, Optional.empty(), "application/json", ProviderContract.utf8(plain)));

        assertThat(sent(query, "cohere.embed-v4:0"))
                .isEqualTo(ProviderContract.json(file("cohere-embed-upstream.json")));
        assertThat(typed.usage()).isEqualTo(new Usage(3, 0));
        assertThat(ProviderContract.json(typed.body().bytes()).path("data"))
                .hasSize(2)
                .isEqualTo(ProviderContract.json(untyped.body().bytes()).path("data"));
    }

    @ParameterizedTest
    @CsvSource({"'[]'", "'[1,2]'", "'[[1,2]]'"})
    void what_is_no_text_is_refused(String input) {
        Query query = ProviderContract.query(Task.EMBEDDINGS, "{\"input\":" + input + "}", false);

        assertThat(ProviderContract.failureOf(() -> sent(query, "amazon.titan-embed-text-v2:0"))
                        .kind())
                .isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void more_texts_than_a_model_takes_are_asked_in_several_calls_and_their_tokens_summed() {
        List<String> asked = new ArrayList<>();
        Query query = ProviderContract.query(Task.EMBEDDINGS, "{\"input\":[\"a\",\"b\",\"c\"]}", false);
        Sender sender = (request, deadline) -> {
            asked.add(ProviderContract.json(request.body().toBytes())
                    .path("inputText")
                    .asText());
            byte[] body = ProviderContract.utf8(file("embeddings-response.json"));
            return Mono.just(new UpstreamResponse.Whole(200, Optional.empty(), "application/json", body));
        };
        Attempt attempt = new Attempt(
                "amazon.titan-embed-text-v2:0",
                SETTINGS.with(AwsSettings.BEARER, new Secret("fake")),
                ProviderContract.NOW);

        Reply.Whole reply =
                (Reply.Whole) Await.value(provider.ask(query, attempt, sender, Deadline.in(Duration.ofSeconds(5))));

        assertThat(asked).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(ProviderContract.json(reply.body().bytes()).path("data")).hasSize(3);
        assertThat(reply.usage()).isEqualTo(new Usage(12, 0));
        assertThat(provider.mostTexts(new Attempt("cohere.embed-v4:0", SETTINGS, ProviderContract.NOW)))
                .isEqualTo(96);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amazon.titan-text-express-v1",
                "anthropic.claude-v2:1",
                "anthropic.claude-opus-4-7",
                "cohere.command-text-v14",
                "ai21.j2-ultra-v1",
                "meta.llama3-8b-instruct-v1:0"
            })
    void what_a_models_table_says_of_common_parameters_is_what_becomes_of_them(String model) {
        ParameterTable table = provider.parameters(Task.COMPLETIONS, model, SETTINGS);
        for (String name : List.of("max_tokens", "temperature", "top_p", "top_k", "stop", "seed", "unheard_of")) {
            SaidParameter said = SaidParameter.of(name);
            JsonNode with = sent(ProviderContract.query(Task.COMPLETIONS, said.with(Task.COMPLETIONS), false), model);
            JsonNode without =
                    sent(ProviderContract.query(Task.COMPLETIONS, said.without(Task.COMPLETIONS), false), model);

            assertThat(with.equals(without))
                    .as("%s at %s", name, model)
                    .isEqualTo(table.of(name).isUnsupported());
        }
    }
}
